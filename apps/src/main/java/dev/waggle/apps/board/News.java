package dev.waggle.apps.board;

/// What a board shows otherwise than before, for those who look at it now. A hint: the rows are the truth.
///
/// @param task empty when it is about the board
public record News(Kind kind, String task) {
    public enum Kind {
        CREATED("task_created"), CHANGED("task_changed"), DELETED("task_deleted"), LOGGED("task_log"), CONFLICT("task_conflict"), REFUSED("task_refused"), BOARD("board_changed");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
