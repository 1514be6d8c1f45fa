package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Verifier;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes from a checkpoint what a log lacks and nobody serves any more. Each step says which chunks it needs next and takes those that came; all that was
/// taken is durable, so a new adoption goes on where another ended.
///
/// A checkpoint is believed when its author was the owner where it stands: the control events that it carries are signed, begin with the space's genesis and
/// are judged as in every log. It cannot make events up all the same: its segments are brought from the last to the first and kept, each [Proof] leads from a signature of the
/// author to the event, and only then they are admitted from the first to the last. What else was decided meanwhile comes with the events above the checkpoint.
///
/// Nothing is held for its stamp: whoever wrote the checkpoint believed it, or had seen its author take it back ([Compaction#write]).
public final class Adoption {
    /// The mark that names a checkpoint of which all segments are here and proved, and says how many of them are admitted.
    private static final String PROVED = "adopting_proved";
    /// The mark that holds the checkpoint that was begun: its signature, then its payload.
    private static final String BEGUN = "adopting_checkpoint";
    /// So many segments are asked for, or worked on, in one step.
    private static final int AHEAD = 4;

    /// @param wanted chunks to bring; more may be asked for than come at once. None, and not done: there is more to do with what is here
    /// @param done   nothing more is needed, and nothing is wanted: the log holds all that the checkpoint covers
    public record Step(List<ChunkId> wanted, boolean done) {}

    private final EventLog log;
    private final Verifier verifier;
    private final ArrayDeque<Checkpoint> chain = new ArrayDeque<>();           // those that are not adopted, the oldest first
    private final Map<EventId, Event> control = new HashMap<>();
    private final Map<EventId, byte[]> ends = new HashMap<>();                 // of the oldest of the chain: the signatures of the frontier
    private final Map<ChunkId, Chunk> segments = new HashMap<>();              // that came and were not taken yet
    private Segment next;                                                      // the one that was taken apart last
    private Proof proof;                                                       // null when the oldest of the chain is proved
    private final Set<ChunkId> values = new LinkedHashSet<>();                 // that the next segment's events name
    private boolean believed;
    private boolean trusted;
    private List<ChunkId> listed = List.of();
    private int at;                                                            // the segments from here on are proved; then, those before here are admitted

    /// @param checkpoint whole and signed
    /// @throws MalformedPayload when it is no checkpoint of this space
    public Adoption(EventLog log, Verifier verifier, Event checkpoint) {
        this.log = log;
        this.verifier = verifier;
        if (!checkpoint.space().equals(log.space()) || !checkpoint.type().equals(ControlType.CHECKPOINT)) throw new MalformedPayload("no checkpoint of this space");
        chain.add(signed(checkpoint));
    }

    private Checkpoint signed(Event checkpoint) {
        var found = Checkpoint.of(checkpoint);
        if (checkpoint.signature().filter(signature -> verifier.verify(checkpoint.chain().origin(), checkpoint.payload(), signature)).isEmpty())
            throw new MalformedPayload("a checkpoint is not signed by its author");
        return found;
    }

    /// Says that the segments come from a log of this node, which computed them or took them when they were proved: what can still be read of a damaged one proves nothing.
    public Adoption believing() {
        believed = true;
        return this;
    }

    public Event checkpoint() {
        return chain.getLast().event();
    }

    /// @param came   chunks, wanted or not
    /// @param nowMs  this node's wall clock
    /// @throws MalformedPayload when something does not fit: the checkpoint is refused, and nothing of it was admitted that its author did not sign
    /// @throws LogUnavailable   when disk or database failed; a retry is safe
    public Step step(List<Chunk> came, long nowMs) {
        for (var chunk : came) chunk.requireWhole();
        keep(came, nowMs);
        while (!trusted) {
            var missing = chain.getFirst().chunks().stream().filter(id -> log.chunk(id).isEmpty()).distinct().toList();
            if (!missing.isEmpty()) return new Step(missing, false);
            readBack();
        }
        for (int pieces = 0; pieces < AHEAD; pieces++) {
            if (proof == null && at == listed.size()) {
                if (end()) return new Step(List.of(), true);
                continue;
            }
            var wanted = proof != null ? prove() : take(nowMs);
            if (!wanted.isEmpty()) return new Step(wanted, false);
        }
        return new Step(List.of(), false);
    }

    /// Proves the segment before those that are proved, and keeps it. Nothing of a checkpoint is admitted before all of it is proved and goes on where this log is.
    ///
    /// @return the chunks that are needed first
    private List<ChunkId> prove() {
        if (at > 0) {
            var segment = segment(listed.get(at - 1));
            if (segment.isEmpty()) return missing();
            proof.take(segment.get());
            log.putSegment(segment.get().chunk());
            at--;
            return List.of();
        }
        for (var ref : proof.left())
            if (log.find(ref.id()).filter(entry -> entry.event().ref().equals(ref)).isEmpty())
                throw new MalformedPayload(ends.containsKey(ref.id()) ? "a checkpoint's segments do not reach its frontier: " + ref.id().brief()
                    : "a checkpoint's segments go on where this log is not: " + ref.chain() + " after " + ref.seq());
        admit();
        return List.of();
    }

    /// From here on the segments may be admitted.
    private void admit() {
        proof = null;
        at = 0;
        log.marks(Map.of(BEGUN, begun(), PROVED, proved()));
    }

    /// Admits the next segment of a checkpoint that is proved.
    ///
    /// @return the chunks that are needed first
    private List<ChunkId> take(long nowMs) {
        var segment = segment(listed.get(at));
        if (segment.isEmpty()) return missing();
        values.removeIf(id -> log.chunk(id).isPresent());
        if (values.isEmpty()) values.addAll(log.adopt(segment.get(), signed(segment.get()), nowMs));
        if (!values.isEmpty()) return List.copyOf(values);
        at++;
        log.marks(Map.of(PROVED, proved()));
        return List.of();
    }

    /// @return whether the last checkpoint is taken; else the next one begins
    private boolean end() {
        var adopted = chain.getFirst();
        if (!Compaction.isCondensed(log, adopted.event().id())) log.marks(Map.of(Compaction.CONDENSED, Compaction.condensedToo(log, adopted)));
        if (chain.size() == 1) {
            var over = new HashMap<String, byte[]>();
            over.put(PROVED, null);
            over.put(BEGUN, null);
            log.marks(over);
            return true;
        }
        chain.removeFirst();
        begin();
        return false;
    }

    private Optional<Segment> segment(ChunkId id) {
        var came = Optional.ofNullable(segments.remove(id));                 // also one that was sent again
        if (next == null || !next.id().equals(id)) {
            var chunk = came.or(() -> log.chunk(id).map(bytes -> new Chunk(id, bytes)));
            if (chunk.isEmpty()) return Optional.empty();
            next = Segment.read(log.space(), chunk.get());
        }
        return Optional.of(next);
    }

    /// The segments that come next: while they are proved, from the last to the first.
    private List<ChunkId> soon() {
        return proof != null ? listed.subList(Math.max(0, at - AHEAD), at).reversed() : listed.subList(at, Math.min(at + AHEAD, listed.size()));
    }

    private List<ChunkId> missing() {
        return soon().stream().filter(id -> !segments.containsKey(id) && log.chunk(id).isEmpty()).toList();
    }

    private byte[] begun() {
        var event = chain.getLast().event();
        return ByteBuffer.allocate(Event.SIGNATURE_BYTES + event.payload().length).put(event.signature().orElseThrow()).put(event.payload()).array();
    }

    /// The checkpoint whose adoption was begun and has not ended.
    static Optional<Event> begun(EventLog log) {
        return log.mark(BEGUN).map(bytes -> Event.read(Arrays.copyOfRange(bytes, Event.SIGNATURE_BYTES, bytes.length), Arrays.copyOf(bytes, Event.SIGNATURE_BYTES)));
    }

    /// The control events, and the ends of branches, with their signatures: these were checked when the checkpoint was proved.
    private Map<EventId, Event> signed(Segment segment) {
        var signed = new HashMap<>(control);
        for (var event : segment.events()) {
            var signature = ends.get(event.id());
            if (signature != null) signed.putIfAbsent(event.id(), event.withSignature(signature));
        }
        return signed;
    }

    private byte[] proved() {
        return (chain.getFirst().event().id().hex() + " " + at).getBytes(StandardCharsets.US_ASCII);
    }

    /// Keeps what was wanted: the chunks that the oldest checkpoint names, the next segments, what the next segment's events name.
    private void keep(List<Chunk> came, long nowMs) {
        var named = trusted ? List.<ChunkId>of() : chain.getFirst().chunks();
        var soon = soon();
        for (var chunk : came) {
            if (named.contains(chunk.id()) || values.contains(chunk.id())) log.putChunks(List.of(chunk), nowMs);
            else if (soon.contains(chunk.id())) segments.put(chunk.id(), chunk);
        }
    }

    /// Reads the oldest checkpoint that is known, and finds the one before it; when there is none before, or it is here, all can be judged.
    private void readBack() {
        var oldest = chain.getFirst();
        var events = Checkpoint.control(bytes(oldest.control()));
        for (var event : events) control.putIfAbsent(event.id(), event);
        var before = oldest.before();
        // The checkpoint itself lies above what it covers: a log can hold all that, and not yet the checkpoint.
        if (before.isPresent() && !(Compaction.allCondensed(log).contains(before.get()) && log.find(before.get()).isPresent())) {
            var event = control.get(before.get());
            if (event == null || !event.type().equals(ControlType.CHECKPOINT)) throw new MalformedPayload("a checkpoint does not carry the one before it");
            chain.addFirst(signed(event));
            return;
        }
        judge();
        trusted = true;
        begin();
    }

    /// From the genesis on: every control event is signed, and allowed where it stands; and so is each checkpoint of the chain.
    private void judge() {
        var members = new Members(Chronicle.NONE);
        var known = new HashMap<>(control);
        for (var id = chain.getFirst().before(); id.isPresent(); ) {                // those before are here
            var here = Checkpoint.of(log.find(id.get()).orElseThrow(() -> new MalformedPayload("a checkpoint continues one that is not here")).event());
            for (var event : Checkpoint.control(bytes(here.control()))) known.putIfAbsent(event.id(), event);
            known.putIfAbsent(here.event().id(), here.event());
            id = here.before();
        }
        for (var checkpoint : chain) known.putIfAbsent(checkpoint.event().id(), checkpoint.event());
        var left = new ArrayList<>(known.values());
        left.sort(Comparator.comparing(event -> event.envelope().ts()));               // of honest events those that are named come first
        for (int before = -1; !left.isEmpty() && before != left.size(); ) {
            before = left.size();
            left.removeIf(event -> judge(event, members));
        }
        if (!left.isEmpty()) throw new MalformedPayload("a checkpoint leaves out a control event that " + left.getFirst() + " names");
    }

    /// @return false when it names something that is not known yet
    private boolean judge(Event event, Members members) {
        if (EventRules.refusal(event, log.space(), verifier).isPresent()
            || event.signature().filter(signature -> verifier.verify(event.chain().origin(), event.payload(), signature)).isEmpty())
            throw new MalformedPayload("a checkpoint carries a control event that proves nothing: " + event);
        if (members.isEmpty() && !event.envelope().isGenesis()) return false;
        for (var id : event.envelope().control()) if (!members.knows(id)) return false;
        if (!event.envelope().isGenesis() && !Rights.allow(members.at(event.envelope().control()), event))
            throw new MalformedPayload("a checkpoint carries a control event that was not allowed: " + event);
        members.add(ControlEvent.of(event));
        return true;
    }

    private void begin() {
        listed = Checkpoint.ids(bytes(chain.getFirst().segments()));
        ends.clear();
        var frontier = Checkpoint.ends(bytes(chain.getFirst().frontier()));
        for (var end : frontier) ends.put(end.ref().id(), end.signature());
        var taken = log.mark(PROVED).map(bytes -> new String(bytes, StandardCharsets.US_ASCII).split(" "))
            .filter(parts -> parts[0].equals(chain.getFirst().event().id().hex())).map(parts -> Integer.parseInt(parts[1]));
        proof = null;
        at = taken.orElse(listed.size());
        if (taken.isPresent()) return;
        if (believed) admit();
        else proof = new Proof(log.space(), verifier, frontier.stream().map(Checkpoint.End::ref).toList(), ends);
    }

    private List<byte[]> bytes(List<ChunkId> ids) {
        return ids.stream().map(id -> log.chunk(id).orElseThrow(() -> new MalformedPayload("a chunk of a checkpoint is missing"))).toList();
    }
}
