package dev.waggle.node.hive;

import dev.waggle.node.type.SpaceContext;
import dev.waggle.node.type.SpaceType;
import dev.waggle.node.type.SpaceView;

/// Spaces that are hives.
public final class HiveSpaceType implements SpaceType {
    public static final String NAME = "hive";

    @Override public String name() {
        return NAME;
    }

    @Override public SpaceView open(SpaceContext space) {
        return new HiveSpace(space);
    }
}
