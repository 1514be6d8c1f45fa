package dev.waggle.apps.board;

import java.util.Optional;

/// What a node says of itself and the board.
///
/// @param byOwner its author's node was the owner where it wrote
public record Notice(Stamp stamp, Kind kind, String name, Optional<String> publicUrl, boolean executes, boolean byOwner, boolean counts) {
    public enum Kind { LINKED, UNLINKED, CLOSED }
}
