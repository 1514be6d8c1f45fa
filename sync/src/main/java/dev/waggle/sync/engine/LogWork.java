package dev.waggle.sync.engine;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Tip;
import dev.waggle.sync.protocol.Chains;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the protocol wants of a log, done on a worker thread and answered with an input.
final class LogWork {
    private static final int WAITING_LISTED_MAX = 200;
    private static final int ANSWER_BYTES_MAX = 700 * 1024;

    private LogWork() {}

    static Input read(EventLog log, Effect.Read read) {
        var missing = log.readMissing(read.have(), read.after(), read.until(), read.eventsMax(), read.bytesMax());
        long first = missing.events().isEmpty() ? 0 : entry(log, missing.events().getFirst()).map(Entry::offset).findFirst().orElse(0L);
        var checkpoint = missing.condensed() ? Compaction.offered(log, read.have()) : Optional.<Event>empty();
        return new Input.ReadDone(read.connection(), read.space(), missing, first, checkpoint);
    }

    static Input locate(EventLog log, Effect.Locate locate) {
        var unknown = locate.tips().stream().filter(tip -> at(log, tip, tip.seq()).noneMatch(here -> here.event().id().equals(tip.id()))).toList();
        return new Input.Located(locate.connection(), locate.space(), unknown);
    }

    static Input look(EventLog log, Effect.Look look) {
        var ids = new ArrayList<List<EventId>>();
        for (long seq : look.seqs()) {
            var here = new TreeSet<EventId>();
            branches(log, look.chain()).forEach(branch -> log.at(look.chain(), branch, seq).ifPresent(entry -> here.add(entry.event().id())));
            ids.add(here.stream().limit(Frame.BRANCHES_MAX).toList());                   // of more the peer sends again what it could have left out
        }
        return new Input.Looked(look.connection(), look.space(), look.chain(), look.seqs(), ids, look.forPeer());
    }

    static Input append(EventLog log, Effect.Append append, long wallMs) {
        var answers = append.events().isEmpty() ? List.<Admission>of() : log.append(append.events(), wallMs);
        return new Input.Appended(append.connection(), append.space(), append.upTo(), answers);
    }

    /// Chunks are named by their hash: what does not fit its name is dropped, and asked for again as if it had not come.
    static Input putChunks(EventLog log, Effect.PutChunks put, long wallMs) {
        var whole = put.chunks().stream().filter(chunk -> Hex.of(Sha256.of(chunk.bytes())).equals(chunk.id().hex())).toList();
        var answers = whole.isEmpty() ? List.<Admission>of() : log.putChunks(whole, wallMs);
        return new Input.ChunksPut(put.connection(), put.space(), whole.stream().map(Chunk::id).toList(), answers);
    }

    static Input fetch(EventLog log, Effect.Fetch fetch) {
        var frames = new ArrayList<Frame>();
        if (!fetch.chunks().isEmpty()) frames.add(new Frame.Chunks(fetch.space(), chunks(log, fetch.chunks())));
        if (!fetch.events().isEmpty()) frames.add(new Frame.Events(fetch.space(), events(log, fetch.peer(), fetch.events()), 0));
        return new Input.Fetched(fetch.connection(), fetch.space(), frames);
    }

    private static List<Chunk> chunks(EventLog log, List<ChunkId> asked) {
        var found = new ArrayList<Chunk>();
        long bytes = 0;
        for (var id : asked) {
            var chunk = unlessDamaged(() -> log.chunk(id));
            if (chunk.isEmpty()) continue;
            bytes += chunk.get().length;
            if (bytes > ANSWER_BYTES_MAX && !found.isEmpty()) break;
            found.add(new Chunk(id, chunk.get()));
        }
        return found;
    }

    /// Each event with its successors up to the next signature: alone, an unsigned one proves nothing. Of what is held here a peer gets its own.
    private static List<Event> events(EventLog log, NodeId peer, List<EventId> asked) {
        var found = new ArrayList<Event>();
        var unknown = new HashSet<EventId>();
        long bytes = 0;
        for (var id : asked) {
            var entry = unlessDamaged(() -> log.find(id));
            if (entry.isEmpty()) {
                unknown.add(id);
                continue;
            }
            var run = new ArrayList<Event>();
            run.add(entry.get().event());
            while (run.getLast().signature().isEmpty() && run.size() <= EventLog.UNSIGNED_RUN_EVENTS_MAX) {
                var last = run.getLast();
                var next = branches(log, last.chain()).flatMap(branch -> unlessDamaged(() -> log.at(last.chain(), branch, last.seq() + 1)).stream())
                    .filter(each -> each.event().envelope().prev().map(last.id()::equals).orElse(false)).findFirst();
                if (next.isEmpty()) break;
                run.add(next.get().event());
            }
            if (run.getLast().signature().isEmpty()) continue;               // condensed: it is proved far above, and comes with a checkpoint
            bytes += bytes(run);
            if (!found.isEmpty() && (bytes > ANSWER_BYTES_MAX || found.size() + run.size() > Frame.BATCH_EVENTS_MAX)) break;
            found.addAll(run);
        }
        if (!unknown.isEmpty())
            for (var run : runs(log.held(peer))) {
                if (!unknown.contains(run.getLast().id())) continue;
                bytes += bytes(run);
                if (!found.isEmpty() && (bytes > ANSWER_BYTES_MAX || found.size() + run.size() > Frame.BATCH_EVENTS_MAX)) break;
                found.addAll(run);
            }
        return found.stream().distinct().toList();
    }

    private static long bytes(List<Event> run) {
        return run.stream().mapToLong(event -> event.payload().length + 128L).sum();
    }

    /// Each ends with a signature.
    private static List<List<Event>> runs(List<Event> events) {
        var runs = new ArrayList<List<Event>>();
        int from = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).signature().isEmpty()) continue;
            runs.add(events.subList(from, i + 1));
            from = i + 1;
        }
        return runs;
    }

    static Input waiting(EventLog log, Effect.ListWaiting list) {
        var events = new TreeSet<EventId>();
        var chunks = new TreeSet<ChunkId>();
        var counts = log.counts();
        for (var each : counts.waiting() == 0 ? List.<Admission>of() : log.waiting(WAITING_LISTED_MAX))
            if (each instanceof Admission.Waiting waiting) {
                waiting.parents().forEach(parent -> events.add(parent.id()));
                events.addAll(waiting.control());
                chunks.addAll(waiting.chunks());
            }
        var theirs = counts.held() == 0 ? List.<Tip>of() : runs(log.held(list.peer())).stream().map(List::getLast)
            .map(event -> new Tip(event.chain(), 0, event.seq(), event.id(), event.envelope().ts())).toList();
        return new Input.WaitingListed(list.connection(), list.space(), List.copyOf(events), List.copyOf(chunks), theirs);
    }

    private static Stream<Entry.Admitted> entry(EventLog log, Event event) {
        return branches(log, event.chain()).flatMap(branch -> unlessDamaged(() -> log.at(event.chain(), branch, event.seq())).stream())
            .filter(each -> each.event().id().equals(event.id()));
    }

    /// Who asks for something that is damaged here gets the rest: others have it.
    private static <T> Optional<T> unlessDamaged(Supplier<Optional<T>> look) {
        try {
            return look.get();
        } catch (DamagedLog _) {
            return Optional.empty();
        }
    }

    private static Stream<Entry.Admitted> at(EventLog log, Tip tip, long seq) {
        return branches(log, tip.chain()).flatMap(branch -> log.at(tip.chain(), branch, seq).stream());
    }

    private static Stream<Integer> branches(EventLog log, ChainId chain) {
        return Chains.branches(log.state(), chain).stream();
    }
}
