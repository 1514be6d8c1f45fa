package dev.waggle.node.account;

import dev.waggle.node.type.SpaceContext;
import dev.waggle.node.type.SpaceType;
import dev.waggle.node.type.SpaceView;

/// Spaces that hold a hub's accounts.
public final class HubSpaceType implements SpaceType {
    public static final String NAME = "hub";

    @Override public String name() {
        return NAME;
    }

    @Override public SpaceView open(SpaceContext space) {
        return new HubSpace(space);
    }
}
