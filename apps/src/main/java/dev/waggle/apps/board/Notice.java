package dev.waggle.apps.board;

import java.util.Optional;

/// What a node says of itself and the board.
///
/// @param entitled its author's node might say so where it wrote: that the board is closed the owner's, what a hub says of it a moderator's
public record Notice(Stamp stamp, Kind kind, String name, Optional<String> publicUrl, boolean executes, boolean entitled, boolean counts) {
    /// The last two are a hub's: that it has the board no more among its projects, or has it.
    public enum Kind { LINKED, UNLINKED, CLOSED, REMOVED, LISTED }
}
