package dev.waggle.apps.board;

import java.util.OptionalInt;

/// What was done under a claim.
///
/// @param leaseMs for a renewal, else 0
/// @param number  a progress' percentage or a result's exit code
/// @param note    for people; may be empty
/// @param counts  the log's verdict; whether the claim holds is another question
public record Effect(String task, ClaimRef claim, Stamp stamp, Kind kind, long leaseMs, OptionalInt number, String note, boolean counts) {
    public enum Kind {
        RENEWED("lease_renewed"), PROGRESS("progress"), LOGGED("log"), FINISHED("result"), RELEASED("released");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }

        /// Whether the claim is over after it.
        boolean ends() {
            return this == FINISHED || this == RELEASED;
        }
    }
}
