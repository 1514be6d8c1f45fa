package dev.waggle.node.board;

import dev.waggle.node.type.SpaceContext;
import dev.waggle.node.type.SpaceType;
import dev.waggle.node.type.SpaceView;

/// Spaces that are boards.
public final class BoardSpaceType implements SpaceType {
    public static final String NAME = "board";

    @Override public String name() {
        return NAME;
    }

    @Override public SpaceView open(SpaceContext space) {
        return new BoardSpace(space);
    }
}
