package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;

import java.util.Locale;

/// One stored thing that is not what was written.
///
/// @param offset       of the entry, 0 for what is no entry
/// @param id           what the event's id is by all that vouches for it; what to ask others for
/// @param own          written by this node
/// @param acknowledged some other node said that it has it, so it can be fetched again
public record Damage(Kind kind, long offset, ChainId chain, int branch, long seq, EventId id, boolean own, boolean acknowledged) {
    public enum Kind {
        /// The event's bytes: fetched again by id and given to [LogScrub#repair].
        PAYLOAD,
        /// The stored id only; the payload is good. [LogScrub#repair] needs no bytes.
        ID,
        /// The signature only. Where a later event vouches for this one, [LogScrub#repair] drops it; else it needs the event with its
        /// signature.
        SIGNATURE,
        /// What the branch remembers of its tip; the event is good. [LogScrub#repair] needs no bytes.
        TIP,
        /// The row is gone: a hole in its chain. Only a new log, filled by others, mends it.
        HOLE
    }

    /// An own event that nobody else has ever confirmed: its content is lost, and the person is told so by name.
    public boolean lost() {
        return own && !acknowledged && (kind == Kind.PAYLOAD || kind == Kind.HOLE);
    }

    @Override public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " of event " + seq + " of " + chain + " (offset " + offset + ", " + id.brief() + ") is damaged"
            + (lost() ? ": written here and never acknowledged, so it is lost" : "");
    }
}
