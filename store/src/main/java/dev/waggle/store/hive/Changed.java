package dev.waggle.store.hive;

import dev.waggle.apps.hive.Target;

import java.util.Optional;

/// A post or comment that changed, as it is shown now. With neither, it is not shown any more: what made it is void, or what it answers is not known.
public record Changed(At at, Optional<ShownPost> post, Optional<ShownComment> comment) {
    /// Where a reader of [HiveQueries#changes] stands: behind this one. Posts come before comments that changed by the same entry.
    public record At(long offset, Target.Kind kind, String id) implements Comparable<At> {
        public static final At START = new At(0, Target.Kind.POST, "");

        @Override public int compareTo(At other) {
            int byOffset = Long.compare(offset, other.offset);
            int byKind = byOffset != 0 ? byOffset : kind.compareTo(other.kind);
            return byKind != 0 ? byKind : id.compareTo(other.id);
        }

        /// The same place among the rows of one kind alone.
        HiveQueries.Position before(Target.Kind of) {
            if (kind == of) return new HiveQueries.Position(offset, id);
            return kind.compareTo(of) < 0 ? new HiveQueries.Position(offset, "") : new HiveQueries.Position(offset + 1, "");
        }
    }

    static Changed of(ShownPost shown) {
        return new Changed(new At(shown.post().changed(), Target.Kind.POST, shown.post().id()), Optional.of(shown), Optional.empty());
    }

    static Changed of(ShownComment shown) {
        var at = new At(shown.comment().changed(), Target.Kind.COMMENT, shown.comment().id());
        return new Changed(at, Optional.empty(), shown.comment().place().map(_ -> shown));
    }

    static Changed gone(long offset, Target.Kind kind, String id) {
        return new Changed(new At(offset, kind, id), Optional.empty(), Optional.empty());
    }
}
