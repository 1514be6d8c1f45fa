package dev.waggle.apps.table;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Something that a policy or a constraint passes over, until a change that knows both sides settles it. The same on every node.
///
/// @param id       16 hexadecimal digits; the same for one kind of conflict of one record as long as it is open
/// @param key      of the record: the key it has, or wants
/// @param fields   the columns concerned
/// @param shown    the version that is shown; empty when nothing is
/// @param others   what is passed over, by stamp
/// @param children how many records are kept out together with this one
/// @param rule     what chose, for people
public record Conflict(String id, Kind kind, String table, RecordId record, List<Value> key, List<String> fields, Optional<Version> shown,
                       List<Version> others, int children, String rule) {
    public enum Kind {
        /// Two versions set one field differently and neither knew the other.
        SAME_FIELD("same_field"),
        /// One side deleted a row that the other edited, or refers to: it is shown.
        DELETE_AGAINST_EDIT("delete_against_edit"),
        /// Two records want one unique key: the older has it, this one is kept out.
        SAME_KEY("same_key"),
        /// A record's row breaks a rule of its table: it is kept out.
        CONSTRAINT("constraint");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /// @param deleted this version deleted the record
    /// @param values  of the fields concerned; the whole row where the whole record is
    public record Version(VersionId version, NodeId author, Hlc ts, boolean deleted, SortedMap<String, Value> values) {}

    static String id(Kind kind, RecordId record) {
        return Hex.of(Sha256.of((kind.wire() + "\n" + record.text()).getBytes(StandardCharsets.UTF_8))).substring(0, 16);
    }
}
