package dev.waggle.store.node;

import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// That this node keeps a copy of somebody's public hive, and how far the copy is.
///
/// @param number      grows with age: of two subscriptions that bring the same post the older one's is shown
/// @param id          `sub_` and 16 digits
/// @param url         `http(s)://host:port` of the node that is asked
/// @param instance    who proved to be there, and from then on nobody else is believed; empty before the first answer
/// @param remoteHive  its name there
/// @param hiveId      of the space it is; empty before the first answer
/// @param localName   what it is called here
/// @param cursor      where to read on; empty at first
/// @param incarnation of the rows that the cursor is about; when it is another, everything is read again
/// @param generation  of the reading: what a whole new reading did not bring is gone
/// @param intervalMs  between two polls
/// @param lastSyncMs  wall clock of the last poll that brought everything, 0 for never
/// @param lastError   why the last poll failed; empty when it did not
/// @param failures    polls that failed since one worked
/// @param items       posts and comments that are kept, deleted ones too
/// @param bytes       of their text
/// @param refused     items that were not what they should be, since the subscription was made
public record Subscription(long number, String id, String url, Optional<NodeId> instance, String remoteHive, Optional<String> hiveId, String localName, String cursor, String incarnation,
                           long generation, long intervalMs, Status status, long lastSyncMs, String lastError, int failures, long items, long bytes, long refused, long createdMs,
                           long updatedMs) {
    public enum Status {
        ACTIVE("active"), PAUSED("paused"), ERROR("error");

        private final String wire;

        Status(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }

        static Status of(String wire) {
            for (var each : values()) if (each.wire.equals(wire)) return each;
            throw new IllegalArgumentException("no status: " + wire);
        }
    }
}
