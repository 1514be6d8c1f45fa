package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Writes checkpoints, and condenses a log by those that others wrote: only after finding the same in the log itself.
///
/// Memory grows with the number of branches and segments, never with the events. Slow: it reads all that it covers. One at a time for each log; appends
/// go on meanwhile.
public final class Compaction {
    /// The mark that names the checkpoints by which this log was condensed, the last one last: all their segments are here. More than one only where two machines
    /// wrote checkpoints under the owner's key that do not continue one another, and this log took both.
    public static final String CONDENSED = "condensed";
    /// The mark that names the checkpoint of which some events may still be stored as they were sent.
    private static final String CONDENSING = "condensing";
    private static final int EVENTS_READ = 20_000;
    private static final int PAGE_EVENTS_MAX = 500;
    private static final int PAGE_BYTES = 256 * 1024;

    /// What became of a checkpoint.
    public enum Outcome {
        /// The log is condensed up to it.
        DONE,
        /// It names events that are not here yet.
        NOT_ALL_HERE,
        /// It says that the log holds something else than it does: nothing was condensed.
        DIFFERS,
        /// It does not continue the one by which the log was condensed: two machines wrote under the owner's key. What was condensed could not be served any more.
        INCOMPARABLE
    }

    private final EventLog log;
    private final LongConsumer progress;

    /// @param progress told the number of events looked at, now and then
    public Compaction(EventLog log, LongConsumer progress) {
        this.log = log;
        this.progress = progress;
    }

    /// Writes a checkpoint of all that the log holds now.
    ///
    /// @return empty when the log holds nothing that the last checkpoint does not cover but that checkpoint itself
    /// @throws WriteRefused when the author is not the one who writes checkpoints, one checkpoint cannot name all that there is, or an event counts here whose time has not come:
    ///                      this node's clock was wrong when it was admitted, others hold it, and would take it with the checkpoint
    public Optional<Entry.Admitted> write(Author author, long nowMs) {
        var branches = log.branches();
        for (var branch : branches) requireBelieved(branch, nowMs);
        var tips = branches.stream().map(Branch::tip).toList();
        var ends = branches.stream().map(branch -> log.readBranch(branch, branch.tipSeq(), branch.tipSeq(), 1, PAGE_BYTES).getFirst().event()).toList();
        var before = log.state().checkpoint();
        var last = before.flatMap(this::checkpoint);
        var segments = new ArrayList<ChunkId>();
        var control = new ArrayList<Event>();
        var plan = Covered.of(log, branches, tips, last.map(this::tips).orElse(List.of()));
        if (plan.events() <= (before.isPresent() ? 1 : 0)) return Optional.empty();
        build(plan, chunk -> segments.add(chunk.id()), event -> {
            if (ControlType.isControl(event.type())) control.add(event);
        });
        var frontier = Checkpoint.ofTips(ends);
        var decided = Checkpoint.ofControl(control);
        var listed = Checkpoint.ofIds(segments);
        var chunks = new ArrayList<>(frontier);
        chunks.addAll(decided);
        chunks.addAll(listed);
        if (Math.max(frontier.size(), Math.max(decided.size(), listed.size())) > Checkpoint.CHUNKS_MAX)
            throw new WriteRefused("the log has too many chains, control events or segments for one checkpoint");
        return Optional.of(log.write(author, List.of(Checkpoint.draft(before, frontier, decided, listed)), chunks, Map.of(), nowMs).getFirst());
    }

    private void requireBelieved(Branch branch, long nowMs) {
        long last = branch.voids().lastCounting(branch.tipSeq());
        if (last < branch.first() || branch.tipTs().wallMs() - EventLog.FUTURE_MS_MAX <= nowMs) return;
        var event = log.readBranch(branch, last, last, 1, PAGE_BYTES).getFirst().event();
        if (EventRules.isEarly(event, nowMs))
            throw new WriteRefused("member " + branch.chain().origin().brief() + " stamped an event " + Instant.ofEpochMilli(event.envelope().ts().wallMs())
                + ", ahead of this machine's clock: no checkpoint is written before that time, unless it takes the event back or is removed");
    }

    /// Condenses what a checkpoint that counts covers, after computing the same segments. Can be interrupted and done again: at any moment the log can serve either
    /// the events or all segments of a checkpoint.
    public Outcome condense(EventId checkpoint) {
        var chain = new ArrayDeque<Checkpoint>();
        var done = allCondensed(log);
        var next = Optional.of(checkpoint);
        while (next.isPresent() && !done.contains(next.get())) {
            var found = checkpoint(next.get());
            if (found.isEmpty()) return Outcome.NOT_ALL_HERE;
            chain.addFirst(found.get());
            next = found.get().before();
        }
        if (!done.isEmpty() && next.isEmpty()) return isCondensed(log, checkpoint) ? Outcome.DONE : Outcome.INCOMPARABLE;
        var begun = named(CONDENSING).flatMap(this::checkpoint);
        if (begun.isPresent()) replace(begun.get());
        for (var each : chain) {
            var outcome = condense(each);
            if (outcome != Outcome.DONE) return outcome;
        }
        return Outcome.DONE;
    }

    private Outcome condense(Checkpoint checkpoint) {
        var branches = log.branches();
        if (!Covered.allHere(log, branches, tips(checkpoint))) return Outcome.NOT_ALL_HERE;
        var listed = Checkpoint.ids(checkpoint.segments().stream().map(this::chunk).toList());
        var found = new ArrayList<ChunkId>();
        build(covered(checkpoint), chunk -> found.add(chunk.id()), _ -> { });
        if (!found.equals(listed)) return Outcome.DIFFERS;
        build(covered(checkpoint), log::putSegment, _ -> { });
        log.marks(Map.of(CONDENSED, condensedToo(log, checkpoint), CONDENSING, checkpoint.event().id().hex().getBytes(StandardCharsets.US_ASCII)));
        replace(checkpoint);
        return Outcome.DONE;
    }

    private void replace(Checkpoint checkpoint) {
        var signed = ends(checkpoint).stream().map(end -> end.ref().id()).collect(Collectors.toSet());
        build(covered(checkpoint), segment -> log.condense(segment, signed), _ -> { });
        log.marks(Collections.singletonMap(CONDENSING, null));
    }

    private Covered covered(Checkpoint checkpoint) {
        return Covered.of(log, log.branches(), tips(checkpoint), checkpoint.before().flatMap(this::checkpoint).map(this::tips).orElse(List.of()));
    }

    private Optional<EventId> named(String mark) {
        return log.mark(mark).map(bytes -> new EventId(new String(bytes, StandardCharsets.US_ASCII)));
    }

    /// The last checkpoint by which a log was condensed.
    public static Optional<EventId> condensed(EventLog log) {
        var all = allCondensed(log);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// The checkpoints by which a log was condensed, none of which continues another.
    static List<EventId> allCondensed(EventLog log) {
        return log.mark(CONDENSED).map(Compaction::named).orElse(List.of());
    }

    /// What the mark [#CONDENSED] says.
    public static List<EventId> named(byte[] mark) {
        return Arrays.stream(new String(mark, StandardCharsets.US_ASCII).split(" ")).map(EventId::new).toList();
    }

    /// What the mark says when a log is condensed by one more checkpoint: those that it continues are part of it.
    static byte[] condensedToo(EventLog log, Checkpoint checkpoint) {
        var heads = new LinkedHashSet<>(allCondensed(log));
        for (var id = checkpoint.before(); id.isPresent(); id = before(log, id.get())) heads.remove(id.get());
        heads.add(checkpoint.event().id());
        return heads.stream().map(EventId::hex).collect(Collectors.joining(" ")).getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<EventId> before(EventLog log, EventId checkpoint) {
        return log.find(checkpoint).flatMap(entry -> Checkpoint.of(entry.event()).before());
    }

    /// Whether a log was condensed by this checkpoint or one that continues it.
    public static boolean isCondensed(EventLog log, EventId checkpoint) {
        for (var head : allCondensed(log))
            for (var id = Optional.of(head); id.isPresent(); id = before(log, id.get())) if (id.get().equals(checkpoint)) return true;
        return false;
    }

    /// What to offer to who lacks events that were condensed here: the checkpoint that is being adopted, of which some segments may not be here yet, or the
    /// last by which the log was condensed. Where there are several, the first that covers something that the other side lacks.
    ///
    /// @param have the other side's tips
    public static Optional<Event> offered(EventLog log, List<Tip> have) {
        var all = new ArrayList<Event>();
        Adoption.begun(log).filter(event -> !isCondensed(log, event.id())).ifPresent(all::add);
        for (var id : allCondensed(log).reversed()) log.find(id).map(Entry.Admitted::event).ifPresent(all::add);
        if (all.size() < 2) return all.stream().findFirst();
        var branches = log.branches();
        var places = Covered.places(log, branches);
        var lacking = Lacking.of(branches, have, places);
        var compaction = new Compaction(log, _ -> { });
        return all.stream().filter(event -> compaction.tips(Checkpoint.of(event)).stream().anyMatch(tip -> branches.stream()
            .anyMatch(branch -> branch.chain().equals(tip.chain()) && lacking.contains(branch.key(), tip.seq()) && branch.stores(tip.seq()) && places.idAt(branch.key(), tip.seq()).equals(tip.id()))))
            .findFirst().or(() -> Optional.of(all.getFirst()));
    }

    /// What lies in a log and what would be condensed. Cheap: it counts places, and reads no events but at the ends of branches.
    ///
    /// @param open    events that the log keeps as they travelled
    /// @param covered so many of them the last checkpoint covers: every member's node may condense those
    public record Extent(long open, long covered) {}

    /// @throws DamagedLog when a checkpoint is not whole
    public static Extent extent(EventLog log) {
        var compaction = new Compaction(log, _ -> { });
        var branches = log.branches();
        var condensed = condensed(log).flatMap(compaction::checkpoint).map(compaction::tips).orElse(List.of());
        long open = Covered.of(log, branches, branches.stream().map(Branch::tip).toList(), condensed).events();
        long covered = log.state().checkpoint().filter(id -> !isCondensed(log, id)).flatMap(compaction::checkpoint)
            .map(last -> Covered.of(log, branches, compaction.tips(last), condensed).events()).orElse(0L);
        return new Extent(open, covered);
    }

    private Optional<Checkpoint> checkpoint(EventId id) {
        return log.find(id).map(entry -> Checkpoint.of(entry.event()));
    }

    private List<Tip> tips(Checkpoint checkpoint) {
        return ends(checkpoint).stream().map(Checkpoint.End::tip).toList();
    }

    private List<Checkpoint.End> ends(Checkpoint checkpoint) {
        return Checkpoint.ends(checkpoint.frontier().stream().map(this::chunk).toList());
    }

    private byte[] chunk(ChunkId id) {
        return log.chunk(id).orElseThrow(() -> new DamagedLog("chunk " + id.brief() + " of a checkpoint is missing"));
    }

    // the events of a plan in the order of their stamps, packed

    private void build(Covered covered, Consumer<Chunk> each, Consumer<Event> seen) {
        var writer = new Segment.Writer();
        long[] looked = {0};
        new Walk(covered).run(event -> {
            if (writer.isFull()) each.accept(writer.take());
            writer.add(event);
            seen.accept(event);
            if (++looked[0] % 1_000 == 0) progress.accept(looked[0]);
        });
        if (!writer.isEmpty()) each.accept(writer.take());
    }

    /// Visits events in the order of their stamps (then chain, seq, id), but none before the events that it needs. Honest stamps grow along all that an event
    /// names; others are kept waiting.
    private final class Walk {
        private final Covered covered;
        private final PriorityQueue<Cursor> next = new PriorityQueue<>();
        private final Map<Integer, Long> done = new HashMap<>();                   // per branch the last seq that was visited
        private final Map<Integer, List<Cursor>> waiting = new HashMap<>();        // by a branch that they wait for
        private final Map<EventId, Optional<EventRef>> control = new HashMap<>();
        private final Map<EventRef, Optional<Branch>> needed = new HashMap<>();    // only of what is not named by its tip

        Walk(Covered covered) {
            this.covered = covered;
        }

        void run(Consumer<Event> visitor) {
            int page = Math.clamp(EVENTS_READ / Math.max(1, covered.pieces().size()), 4, PAGE_EVENTS_MAX);
            for (var piece : covered.pieces()) done.put(piece.branch().key(), piece.from() - 1);
            for (var piece : covered.pieces()) offer(new Cursor(piece, page));
            while (!next.isEmpty()) {
                var cursor = next.poll();
                visitor.accept(cursor.event());
                done.put(cursor.branch.key(), cursor.event().seq());
                if (cursor.advance()) offer(cursor);
                var freed = waiting.remove(cursor.branch.key());
                if (freed != null) freed.forEach(this::offer);
            }
            if (!waiting.isEmpty()) throw new DamagedLog("events of a checkpoint wait for each other");
        }

        private void offer(Cursor cursor) {
            var blocked = needs(cursor.event()).stream().flatMap(ref -> branch(ref).filter(branch -> done.get(branch.key()) < ref.seq()).stream()).findFirst();
            if (blocked.isPresent()) waiting.computeIfAbsent(blocked.get().key(), _ -> new ArrayList<>(1)).add(cursor);
            else next.add(cursor);
        }

        /// Its predecessor comes before it as a branch is read; all else that has to be in a log before it.
        private List<EventRef> needs(Event event) {
            var refs = new ArrayList<>(event.envelope().merges());
            for (var id : event.envelope().control())
                control.computeIfAbsent(id, unknown -> log.find(unknown).map(entry -> entry.event().ref())).ifPresent(refs::add);
            if (event.type().equals(ControlType.REBASE)) EventRules.Rebase.of(event).last().ifPresent(refs::add);
            if (ControlType.isControl(event.type())) refs.addAll(ControlEvent.of(event).named());
            if (event.envelope().prev().isPresent()) covered.parent(event).ifPresent(refs::add);
            return refs;
        }

        /// Which of the branches walked holds an event; empty for one that an earlier checkpoint covers.
        private Optional<Branch> branch(EventRef ref) {
            var pieces = covered.of(ref.chain()).stream().filter(piece -> piece.from() <= ref.seq() && ref.seq() <= piece.to()).toList();
            if (pieces.size() < 2) return pieces.stream().findFirst().map(Lacking.Piece::branch);
            return needed.computeIfAbsent(ref, _ -> pieces.stream().map(Lacking.Piece::branch)
                .filter(branch -> log.readBranch(branch, ref.seq(), ref.seq(), 1, PAGE_BYTES).getFirst().event().id().equals(ref.id())).findFirst());
        }
    }

    private final class Cursor implements Comparable<Cursor> {
        private static final Comparator<Event> ORDER = Comparator.comparing((Event event) -> event.envelope().ts()).thenComparing(Event::chain)
            .thenComparingLong(Event::seq).thenComparing(Event::id);
        private final Branch branch;
        private final int page;
        private final long to;
        private final Deque<Event> events = new ArrayDeque<>();
        private long from;

        Cursor(Lacking.Piece piece, int page) {
            this.branch = piece.branch();
            this.page = page;
            this.from = piece.from();
            this.to = piece.to();
            fill();
        }

        private void fill() {
            if (from > to) return;
            for (var entry : log.readBranch(branch, from, to, page, PAGE_BYTES)) events.add(entry.event());
            from = events.getLast().seq() + 1;
        }

        Event event() {
            return events.peekFirst();
        }

        boolean advance() {
            events.removeFirst();
            if (events.isEmpty()) fill();
            return !events.isEmpty();
        }

        @Override public int compareTo(Cursor other) {
            return ORDER.compare(event(), other.event());
        }
    }

    /// The pieces of branches that lie at or below some tips and not at or below others.
    private record Covered(List<Lacking.Piece> pieces, Map<ChainId, List<Lacking.Piece>> byChain) {
        List<Lacking.Piece> of(ChainId chain) {
            return byChain.getOrDefault(chain, List.of());
        }

        /// The event after which a forked branch leaves its parent.
        Optional<EventRef> parent(Event event) {
            boolean leaves = of(event.chain()).stream().anyMatch(piece -> piece.branch().first() == event.seq());
            return leaves ? event.envelope().prev().map(prev -> new EventRef(prev, event.chain(), event.seq() - 1)) : Optional.empty();
        }

        static Covered of(EventLog log, List<Branch> branches, List<Tip> tips, List<Tip> except) {
            var beyond = Lacking.of(branches, tips, places(log, branches));
            var above = Lacking.of(branches, except, places(log, branches));
            var ends = new HashMap<Integer, Long>();
            for (var piece : beyond.pieces()) ends.put(piece.branch().key(), piece.from() - 1);
            var pieces = new ArrayList<Lacking.Piece>();
            for (var piece : above.pieces()) {
                long to = ends.getOrDefault(piece.branch().key(), piece.to());
                if (piece.from() <= to) pieces.add(new Lacking.Piece(piece.branch(), piece.from(), to));
            }
            return new Covered(pieces, pieces.stream().collect(Collectors.groupingBy(piece -> piece.branch().chain())));
        }

        static boolean allHere(EventLog log, List<Branch> branches, List<Tip> tips) {
            var places = places(log, branches);
            var byChain = branches.stream().collect(Collectors.groupingBy(Branch::chain));
            for (var tip : tips)
                if (byChain.getOrDefault(tip.chain(), List.of()).stream()
                    .noneMatch(branch -> branch.stores(tip.seq()) && places.idAt(branch.key(), tip.seq()).equals(tip.id()))) return false;
            return true;
        }

        private static Lacking.Places places(EventLog log, List<Branch> branches) {
            var byKey = branches.stream().collect(Collectors.toMap(Branch::key, branch -> branch));
            return (key, seq) -> {
                var branch = byKey.get(key);
                return seq == branch.tipSeq() ? branch.tipId() : log.readBranch(branch, seq, seq, 1, PAGE_BYTES).getFirst().event().id();
            };
        }

        long events() {
            return pieces.stream().mapToLong(Lacking.Piece::events).sum();
        }
    }
}
