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
/// are judged as in every log. It cannot make events up all the same: every branch has to end with the signature of its author. What else was decided meanwhile
/// comes with the events above the checkpoint.
///
/// Nothing is held for its stamp: whoever wrote the checkpoint believed it, or had seen its author take it back ([Compaction#write]).
public final class Adoption {
    /// The mark that says which segment of which checkpoint comes next.
    private static final String ADOPTING = "adopting";
    /// The mark that holds the checkpoint that was begun: its signature, then its payload.
    private static final String BEGUN = "adopting_checkpoint";
    private static final int AHEAD = 4;

    /// @param wanted chunks to bring; more may be asked for than come at once
    /// @param done   nothing more is needed, and nothing is wanted: the log holds all that the checkpoint covers
    public record Step(List<ChunkId> wanted, boolean done) {}

    private final EventLog log;
    private final Verifier verifier;
    private final ArrayDeque<Checkpoint> chain = new ArrayDeque<>();           // those that are not adopted, the oldest first
    private final Map<EventId, Event> control = new HashMap<>();
    private final Map<EventId, byte[]> ends = new HashMap<>();                 // of the oldest of the chain: the signatures of the frontier
    private final Map<ChunkId, Chunk> segments = new HashMap<>();              // that came and were not taken yet
    private Segment next;                                                      // the one of them that comes next, taken apart once
    private final Set<ChunkId> values = new LinkedHashSet<>();                 // that the next segment's events name
    private boolean trusted;
    private List<ChunkId> listed = List.of();
    private int at;

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

    public Event checkpoint() {
        return chain.getLast().event();
    }

    /// @param came   chunks, wanted or not
    /// @param nowMs  this node's wall clock
    /// @throws MalformedPayload when something does not fit: the checkpoint is refused, what was taken stays
    /// @throws LogUnavailable   when disk or database failed; a retry is safe
    public Step step(List<Chunk> came, long nowMs) {
        for (var chunk : came) chunk.requireWhole();
        keep(came, nowMs);
        while (!trusted) {
            var missing = chain.getFirst().chunks().stream().filter(id -> log.chunk(id).isEmpty()).distinct().toList();
            if (!missing.isEmpty()) return new Step(missing, false);
            readBack();
        }
        while (true) {
            if (at == listed.size()) {
                for (var id : ends.keySet()) if (log.find(id).isEmpty()) throw new MalformedPayload("a checkpoint's segments do not reach its frontier: " + id.brief());
                var adopted = chain.getFirst();
                if (!Compaction.isCondensed(log, adopted.event().id())) log.marks(Map.of(Compaction.CONDENSED, Compaction.condensedToo(log, adopted)));
                if (chain.size() == 1) {
                    var over = new HashMap<String, byte[]>();
                    over.put(ADOPTING, null);
                    over.put(BEGUN, null);
                    log.marks(over);
                    return new Step(List.of(), true);
                }
                chain.removeFirst();
                begin();
                continue;
            }
            var chunk = segments.get(listed.get(at));
            if (chunk == null) return new Step(listed.subList(at, Math.min(at + AHEAD, listed.size())), false);
            values.removeIf(id -> log.chunk(id).isPresent());
            if (!values.isEmpty()) return new Step(List.copyOf(values), false);
            if (next == null || !next.id().equals(chunk.id())) next = Segment.read(log.space(), chunk);
            var segment = next;
            if (at == 0) log.marks(Map.of(BEGUN, begun()));
            values.addAll(log.adopt(segment, proved(segment), nowMs));
            if (!values.isEmpty()) return new Step(List.copyOf(values), false);
            segments.remove(segment.id());
            next = null;
            at++;
            log.marks(mark(ADOPTING, chain.getFirst().event().id().hex() + " " + at));
        }
    }

    private byte[] begun() {
        var event = chain.getLast().event();
        return ByteBuffer.allocate(Event.SIGNATURE_BYTES + event.payload().length).put(event.signature().orElseThrow()).put(event.payload()).array();
    }

    /// The checkpoint whose adoption was begun and has not ended.
    static Optional<Event> begun(EventLog log) {
        return log.mark(BEGUN).map(bytes -> Event.read(Arrays.copyOfRange(bytes, Event.SIGNATURE_BYTES, bytes.length), Arrays.copyOf(bytes, Event.SIGNATURE_BYTES)));
    }

    /// The control events, and the ends of branches with their signatures, checked.
    private Map<EventId, Event> proved(Segment segment) {
        var proved = new HashMap<>(control);
        for (var event : segment.events()) {
            var signature = ends.get(event.id());
            if (signature == null || proved.containsKey(event.id())) continue;
            if (!verifier.verify(event.chain().origin(), event.payload(), signature))
                throw new MalformedPayload("a checkpoint holds events that their author did not sign: " + event.chain() + " up to " + event.seq());
            proved.put(event.id(), event.withSignature(signature));
        }
        return proved;
    }

    private static Map<String, byte[]> mark(String name, String value) {
        return Map.of(name, value.getBytes(StandardCharsets.US_ASCII));
    }

    /// Keeps what was wanted: the chunks that the oldest checkpoint names, the next segments, what the next segment's events name.
    private void keep(List<Chunk> came, long nowMs) {
        var named = trusted ? List.<ChunkId>of() : chain.getFirst().chunks();
        var soon = listed.subList(at, Math.min(at + AHEAD, listed.size()));
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
        at = log.mark(ADOPTING).map(bytes -> new String(bytes, StandardCharsets.US_ASCII).split(" "))
            .filter(parts -> parts[0].equals(chain.getFirst().event().id().hex())).map(parts -> Integer.parseInt(parts[1])).orElse(0);
        if (at > listed.size()) at = 0;
        ends.clear();
        for (var end : Checkpoint.ends(bytes(chain.getFirst().frontier()))) ends.put(end.ref().id(), end.signature());
    }

    private List<byte[]> bytes(List<ChunkId> ids) {
        return ids.stream().map(id -> log.chunk(id).orElseThrow(() -> new MalformedPayload("a chunk of a checkpoint is missing"))).toList();
    }
}
