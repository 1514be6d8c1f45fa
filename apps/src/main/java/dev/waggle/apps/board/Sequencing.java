package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;

/// What the sequencer of a board writes next: the changes that its log holds and that have no place in the order yet get one, in the order in which they were
/// admitted here, parents first. It stamps neither stamps nor anything else that changes no field.
///
/// Whoever writes what [#next] says keeps its [Mark] in the same transaction, and only if the mark is what it was: then of several processes on one log one writes.
public final class Sequencing {
    private static final int ENTRIES_AT_ONCE = 500;
    private static final int BYTES_AT_ONCE = 1 << 20;
    /// Of a log that is long, and was not looked at before, a part at a time.
    private static final int ENTRIES_A_STEP = 2_000;

    /// How far a sequencer has come.
    ///
    /// @param term   its own
    /// @param offset entries up to here need nothing any more
    /// @param next   the sequence number that comes next
    public record Mark(long term, long offset, long next) {
        public byte[] bytes() {
            return ByteBuffer.allocate(3 * Long.BYTES).putLong(term).putLong(offset).putLong(next).array();
        }

        /// @return empty for what is no mark
        public static Optional<Mark> of(byte[] bytes) {
            if (bytes.length != 3 * Long.BYTES) return Optional.empty();
            var fields = ByteBuffer.wrap(bytes);
            return Optional.of(new Mark(fields.getLong(), fields.getLong(), fields.getLong()));
        }
    }

    /// @param drafts to be written together; empty when there is nothing to stamp
    /// @param mark   where that leads
    /// @param more   there is more behind it
    public record Step(List<Draft> drafts, Mark mark, boolean more) {}

    private Sequencing() {}

    /// @param self this node
    /// @param at   where it was; empty for the beginning, and taken for that when it is of another term
    /// @return empty when this node is not the one that sequences the board now
    public static Optional<Step> next(BoardReading reading, EventLog log, NodeId self, Optional<Mark> at) {
        var tenures = reading.tenures();
        if (tenures.isEmpty() || !tenures.getLast().node().equals(Optional.of(self))) return Optional.empty();
        long term = tenures.getLast().term();
        var from = at.filter(mark -> mark.term() == term).orElse(new Mark(term, 0, 1));
        long upTo = reading.cursor();                                     // what the rows say of stamps is true up to here
        var events = new LinkedHashSet<EventId>();
        long offset = from.offset();
        while (offset < Math.min(upTo, from.offset() + ENTRIES_A_STEP) && events.size() < BoardLimits.SEQUENCED_MAX) {
            var entries = log.read(offset, ENTRIES_AT_ONCE, BYTES_AT_ONCE);
            if (entries.isEmpty()) break;
            for (var entry : entries) {
                if (entry.offset() > upTo || events.size() >= BoardLimits.SEQUENCED_MAX) break;
                add(events, entry, reading, log);
                offset = entry.offset();
            }
        }
        long next = Math.max(from.next(), reading.lastSequence(term) + 1);
        return Optional.of(new Step(drafts(term, next, events), new Mark(term, offset, next + events.size()), offset < upTo));
    }

    private static void add(SequencedSet<EventId> events, Entry entry, BoardReading reading, EventLog log) {
        switch (entry) {
            case Entry.Admitted(_, var event, var verdict) -> {
                if (verdict == Verdict.COUNTS && BoardCodec.isSequenced(event) && reading.rank(event.id()).isEmpty()) events.add(event.id());
            }
            case Entry.VerdictChanged(_, var chain, var branch, var fromSeq, var toSeq, var verdict) -> {
                if (verdict == Verdict.COUNTS) for (long seq = fromSeq; seq <= toSeq; seq++) log.at(chain, branch, seq).ifPresent(again -> add(events, again, reading, log));
            }
        }
    }

    private static List<Draft> drafts(long term, long first, SequencedSet<EventId> events) {
        var all = List.copyOf(events);
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < all.size(); i += BoardLimits.SEQUENCED_MAX) {
            var some = all.subList(i, Math.min(all.size(), i + BoardLimits.SEQUENCED_MAX));
            drafts.add(BoardCodec.draft(new BoardChange.Sequenced(term, first + i, some), new TreeMap<>()));
        }
        return drafts;
    }
}
