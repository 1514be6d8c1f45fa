package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The one append: what happens to the log when events, chunks or time arrive. Every [EventLog] is this, a [LogStorage] and a way to make
/// several calls one transaction. Owned by one thread; a call that throws before it wrote anything (refused, too large) leaves nothing
/// behind, any other failure means that the transaction is rolled back and this object is thrown away.
public final class LogCore {
    private final SpaceId space;
    private final Verifier verifier;
    private final LogStorage storage;
    private final LogTips tips = new LogTips();
    private final WaitingRoom room;
    private final Admitter admitter;
    private final LocalWriter writer;
    private final StateBoard board;
    private final Members members;
    private final Verdicts verdicts;
    private final ArrayDeque<WaitingRoom.Guest> ready = new ArrayDeque<>();
    private final Map<Integer, Branch> touched = new LinkedHashMap<>();     // for the board, since the last publish
    private Map<EventId, Admission> answers = new LinkedHashMap<>();        // of the call that runs
    private long lastOffset;
    private long received;
    private long accepted;
    private long voided;
    private long duplicate;
    private long rejected;
    private long pushedBack;

    /// @param board where readers see the state after [#publish]
    public LogCore(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, LogStorage storage, LogStorage.Saved saved, StateBoard board) {
        this(space, verifier, fresh, storage, saved, board, WaitingLimits.DEFAULT);
    }

    /// As above, with a waiting room of another size.
    public LogCore(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, LogStorage storage, LogStorage.Saved saved, StateBoard board, WaitingLimits limits) {
        this.space = space;
        this.verifier = verifier;
        this.storage = storage;
        this.board = board;
        room = new WaitingRoom(limits);
        var chronicle = new LogChronicle(tips, storage);
        members = new Members(chronicle);
        verdicts = new Verdicts(tips, storage, members);
        admitter = new Admitter(tips, storage, verdicts);
        saved.branches().forEach(tips::put);
        saved.cut().forEach(tips::markCut);
        saved.control().forEach(event -> members.add(ControlEvent.of(event)));
        verdicts.look();
        for (var run : saved.waiting()) {
            var guest = room.add(run.number(), run.events());
            var missing = admitter.judge(run.events(), members, Long.MAX_VALUE) instanceof Judgement.Lacks(var lacking) ? lacking : List.<Judgement.Missing>of();
            if (run.heldUntilMs() > 0) room.setHeld(guest, run.heldUntilMs(), missing);
            else if (!missing.isEmpty()) room.setMissing(guest, missing);
            else ready.add(guest);
        }
        lastOffset = saved.lastOffset();
        received = saved.counts().received();
        accepted = saved.counts().accepted();
        voided = saved.counts().voided();
        duplicate = saved.counts().duplicate();
        rejected = saved.counts().rejected();
        pushedBack = saved.counts().pushedBack();
        writer = new LocalWriter(space, tips, members, chronicle, room, storage, fresh);
        board.reset(saved.branches());
        publish();
    }

    public Counts counts() {
        return new Counts(received, accepted, voided, duplicate, room.events() - room.heldEvents(), room.heldEvents(), 0, rejected, pushedBack,
            tips.forks());
    }

    /// Shows the state to readers: called after the commit.
    public void publish() {
        board.publish(List.copyOf(touched.values()), lastOffset, members.membersNow(), members.formerNow(), members.heads(), tips.forks(), counts(),
            members.checkpoint(), members.checkpointer());
        touched.clear();
    }

    /// See [EventLog#append].
    public List<Admission> append(CheckedBatch batch, long nowMs) {
        begin();
        var offered = batch.offered();
        received += offered.size();
        ready.addAll(room.due(nowMs));
        settle(nowMs);
        var originals = new HashMap<EventId, Event>();
        for (var event : offered) if (event.signature().isPresent()) originals.putIfAbsent(event.id(), event);
        for (var run : batch.runs()) {
            offer(run.events(), originals, nowMs);
            settle(nowMs);
        }
        for (var event : batch.unvouched())
            if (!isKnown(event, originals)) reject(event, Admission.Reason.BAD_SIGNATURE);
        var byPlace = new ArrayList<Admission>(offered.size());
        var seen = new HashMap<EventId, Admission>();
        for (int place = 0; place < offered.size(); place++) {
            var event = offered.get(place);
            if (batch.refused(place) != null && !seen.containsKey(event.id())) refuseOffer(event, batch.refused(place));
            var answer = answerNow(event.id());
            var before = seen.putIfAbsent(event.id(), answer);
            byPlace.add(before == null ? answer : again(event, answer));
        }
        end();
        return byPlace;
    }

    /// See [EventLog#write].
    public List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        begin();
        var plan = drafts.isEmpty() ? LocalWriter.Plan.NOTHING : writer.plan(author, drafts, chunks, nowMs);
        chunks.forEach(this::store);
        received += plan.events().size();
        for (var run : CheckedBatch.ofOwn(plan.events())) {
            switch (admitter.judge(run.events(), members, nowMs)) {
                case Judgement.Fits fits -> place(run.events(), fits);
                case Judgement other -> throw new IllegalStateException("a planned local run was not admitted: " + other);
            }
        }
        settle(nowMs);
        marks.forEach(storage::putMark);
        var written = new ArrayList<Entry.Admitted>(drafts.size());
        for (var event : plan.events().subList(plan.events().size() - drafts.size(), plan.events().size())) {
            var answer = (Admission.Accepted) answers.get(event.id());
            written.add(new Entry.Admitted(answer.offset(), event, answer.verdict()));
        }
        end();
        return written;
    }

    /// See [EventLog#writeIf].
    public Optional<List<Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts, Map<String, byte[]> marks, long nowMs) {
        var now = storage.mark(mark);
        if (!(now.isPresent() ? seen.isPresent() && Arrays.equals(now.get(), seen.get()) : seen.isEmpty())) return Optional.empty();
        return Optional.of(write(author, drafts, List.of(), marks, nowMs));
    }

    /// See [EventLog#putChunks].
    public List<Admission> putChunks(List<Chunk> chunks, long nowMs) {
        begin();
        chunks.forEach(this::store);
        settle(nowMs);
        return endWithAnswers();
    }

    /// See [EventLog#release].
    public List<Admission> release(long nowMs) {
        begin();
        ready.addAll(room.due(nowMs));
        if (ready.isEmpty()) return List.of();
        settle(nowMs);
        return endWithAnswers();
    }

    /// See [EventLog#hasWrongStamps].
    public boolean hasWrongStamps(NodeId author, long nowMs) {
        return writer.hasWrongStamps(author, nowMs);
    }

    /// See [EventLog#waiting].
    public List<Admission> waiting(int eventsMax) {
        var waiting = new ArrayList<Admission>();
        for (var guest : room.guests())
            for (int i = 0; i < guest.events().size() && waiting.size() < eventsMax; i++) waiting.add(room.answer(guest, i));
        return waiting;
    }

    /// See [EventLog#held].
    public List<Event> held(NodeId author) {
        return room.heldRuns(author).filter(run -> !tips.isCut(run.getFirst().chain())).flatMap(List::stream).toList();
    }

    /// See [EventLog#standing].
    public Standing standing(Event event) {
        var author = event.chain().origin();
        var branch = tips.locate(event.chain(), event.seq(), event.id(), storage).orElseThrow(() -> new IllegalArgumentException("the log does not hold " + event));
        var then = event.envelope().isGenesis() ? Optional.of(Role.OWNER) : members.at(event.envelope().control()).role(author);
        return new Standing(then, members.now().role(author), verdicts.cause(branch, event));
    }

    private void begin() {
        answers = new LinkedHashMap<>();
    }

    private void end() {
        storage.putTotals(counts(), lastOffset);
    }

    private List<Admission> endWithAnswers() {
        end();
        return answers.keySet().stream().map(this::answerNow)
            .filter(answer -> !(answer instanceof Admission.Waiting || answer instanceof Admission.Held)).toList();
    }

    private Admission answerNow(EventId id) {
        var guest = room.guest(id);
        if (guest == null) return answers.get(id);
        for (int i = 0; i < guest.events().size(); i++) if (guest.events().get(i).id().equals(id)) return room.answer(guest, i);
        throw new IllegalStateException("a guest without its event");
    }

    /// An event that stands in one batch twice.
    private Admission again(Event event, Admission first) {
        return switch (first) {
            case Admission.Accepted _, Admission.Duplicate _ -> {
                duplicate++;
                yield new Admission.Duplicate(event);
            }
            case Admission.Waiting _, Admission.Held _ -> {
                duplicate++;
                yield first;
            }
            case Admission.Rejected _ -> {
                rejected++;
                yield first;
            }
            case Admission.PushedBack _ -> {
                pushedBack++;
                yield first;
            }
        };
    }

    /// Takes the events of a run that are new here, and finds out what becomes of them.
    private void offer(List<Event> run, Map<EventId, Event> originals, long nowMs) {
        var fresh = new ArrayList<Event>(run.size());
        for (var event : run) {
            if (!isKnown(event, originals)) {
                fresh.add(event);
            } else if (!fresh.isEmpty()) {
                offerBefore(event, fresh, originals, nowMs);
                fresh = new ArrayList<>();
            }
        }
        if (!fresh.isEmpty()) admitOrKeep(fresh, nowMs);
    }

    /// `known` waits in the room and vouches for `fresh`, the events before it. With a signature of their own they are a run, else they
    /// join its run.
    private void offerBefore(Event known, List<Event> fresh, Map<EventId, Event> originals, long nowMs) {
        var last = fresh.getLast();
        if (last.signature().isEmpty()) {
            var original = originals.get(last.id());
            if (original != null && isSigned(original)) fresh.set(fresh.size() - 1, last = original);
        }
        if (last.signature().isPresent()) {
            admitOrKeep(fresh, nowMs);
            return;
        }
        var guest = room.guest(known.id());
        if (!room.hasRoomFor(fresh)) {
            var whole = new ArrayList<>(fresh);
            whole.addAll(guest.events());
            // A run that is complete now needs no room. Pushed back, it would be for ever: its own end fills the room.
            switch (admitter.judge(whole, members, nowMs)) {
                case Judgement.Lacks(var missing) -> {
                    pushBack(fresh, missing);
                    return;
                }
                case Judgement.Early _ -> {
                    pushBack(fresh, List.of());
                    return;
                }
                case Judgement.Fits _, Judgement.Refused _ -> { }
            }
        }
        room.prepend(guest, fresh);
        for (var event : fresh) storage.putWaiting(guest.number(), event, 0);
        for (var event : fresh) answers.put(event.id(), new Admission.Waiting(event, List.of(), List.of(), List.of()));
        ready.add(guest);
    }

    private boolean isSigned(Event event) {
        return verifier.verify(event.chain().origin(), event.payload(), event.signature().orElseThrow());
    }

    /// True for an event that is admitted or waits; a signature that it lacked is checked and kept.
    private boolean isKnown(Event event, Map<EventId, Event> originals) {
        var guest = room.guest(event.id());
        var branch = guest != null ? Optional.<Branch>empty() : tips.locate(event.chain(), event.seq(), event.id(), storage);
        if (guest == null && branch.isEmpty()) return false;
        duplicate++;
        var original = originals.get(event.id());
        if (guest != null) {
            answers.put(event.id(), new Admission.Waiting(event, List.of(), List.of(), List.of()));
            boolean lacks = guest.events().stream().anyMatch(each -> each.equals(event) && each.signature().isEmpty());
            if (lacks && original != null && isSigned(original)) {
                room.replace(guest, original);
                leave(guest);
                for (var part : room.split(guest, original)) {
                    for (var each : part.events()) storage.putWaiting(part.number(), each, 0);
                    ready.add(part);
                }
            }
        } else {
            answers.putIfAbsent(event.id(), new Admission.Duplicate(event));
            if (original != null && !storage.at(branch.get().key(), event.seq()).signed() && isSigned(original))
                storage.setSignature(branch.get().key(), event.seq(), original.signature().orElseThrow());
        }
        return true;
    }

    /// An offered event that nobody can admit, whatever else they know. The same event may wait here since it came without what shows that; or
    /// have waited until its cause was refused in this call: then both are counted, what waited and what was offered.
    private void refuseOffer(Event event, Admission.Reason reason) {
        var guest = room.guest(event.id());
        if (guest != null) {
            leave(guest);
            refuse(guest.events(), new Judgement.Refused(guest.events().indexOf(event), reason));
        }
        if (answers.containsKey(event.id())) rejected++;
        else reject(event, reason);
    }

    private void admitOrKeep(List<Event> run, long nowMs) {
        var judgement = admitter.judge(run, members, nowMs);
        switch (judgement) {
            case Judgement.Fits fits -> place(run, fits);
            case Judgement.Refused refused -> refuse(run, refused);
            case Judgement.Lacks(var missing) when !room.hasRoomFor(run) -> pushBack(run, missing);
            case Judgement.Early _ when !room.hasRoomFor(run) -> pushBack(run, List.of());
            case Judgement.Lacks _, Judgement.Early _ -> {
                var guest = room.add(List.copyOf(run));
                keep(guest, judgement);
                for (var event : run) storage.putWaiting(guest.number(), event, guest.heldUntilMs());
                for (var event : run) answers.put(event.id(), new Admission.Waiting(event, List.of(), List.of(), List.of()));
            }
        }
    }

    private void keep(WaitingRoom.Guest guest, Judgement judgement) {
        switch (judgement) {
            case Judgement.Lacks(var missing) -> room.setMissing(guest, missing);
            case Judgement.Early(var untilMs, var missing) -> room.setHeld(guest, untilMs, missing);
            case Judgement.Fits _, Judgement.Refused _ -> throw new IllegalArgumentException("decided: " + judgement);
        }
    }

    /// Judges guests again until nothing moves.
    private void settle(long nowMs) {
        while (!ready.isEmpty()) {
            var guest = ready.poll();
            if (!room.contains(guest)) continue;
            var events = guest.events();
            var judgement = admitter.judge(events, members, nowMs);
            switch (judgement) {
                case Judgement.Lacks _, Judgement.Early _ -> {
                    boolean wasHeld = guest.heldUntilMs() > 0;
                    keep(guest, judgement);
                    if (wasHeld || guest.heldUntilMs() > 0)
                        for (var event : events) storage.putWaiting(guest.number(), event, guest.heldUntilMs());
                }
                case Judgement.Fits fits -> {
                    leave(guest);
                    place(events, fits);
                }
                case Judgement.Refused refused -> {
                    leave(guest);
                    refuse(events, refused);
                }
            }
        }
    }

    private void leave(WaitingRoom.Guest guest) {
        room.remove(guest);
        for (var event : guest.events()) storage.removeWaiting(event.id());
    }

    /// What follows a refused event is refused with it; what came before it has lost the signature that vouched for it.
    private void refuse(List<Event> run, Judgement.Refused refused) {
        for (int i = 0; i < run.size(); i++) reject(run.get(i), i < refused.from() ? Admission.Reason.BAD_SIGNATURE : refused.reason());
    }

    /// With all that waits for it, however deep that is: each may wait for the one before.
    private void reject(Event refused, Admission.Reason reason) {
        var left = new ArrayDeque<>(List.of(refused));
        while (!left.isEmpty()) {
            var event = left.removeFirst();
            rejected++;
            answers.put(event.id(), new Admission.Rejected(event, reason));
            if (reason == Admission.Reason.BAD_SIGNATURE) return;       // the event itself may yet arrive, with a good one
            for (var guest : room.waitingFor(event.id())) {
                if (!room.contains(guest)) continue;
                leave(guest);
                left.addAll(guest.events());
            }
        }
    }

    /// @param missing one for each event, or none
    private void pushBack(List<Event> run, List<Judgement.Missing> missing) {
        boolean chunksOnly = missing.stream().allMatch(each -> each.parents().isEmpty() && each.control().isEmpty());
        for (int i = 0; i < run.size(); i++) {
            pushedBack++;
            answers.put(run.get(i).id(), new Admission.PushedBack(run.get(i), chunksOnly && i < missing.size() ? missing.get(i).chunks() : List.of()));
        }
    }

    private void store(Chunk chunk) {
        if (storage.hasChunk(chunk.id())) return;
        storage.putChunk(chunk);
        ready.addAll(room.waitingFor(chunk.id()));
    }

    /// Admits a run: entries with consecutive offsets, no other branch's events between them.
    private void place(List<Event> run, Judgement.Fits fits) {
        place(run, fits, 0);
    }

    /// @param segment where those of them are that are no control events; 0 when they come as they were sent
    private void place(List<Event> run, Judgement.Fits fits, int segment) {
        var first = run.getFirst();
        var branch = fits.fork() ? newBranch(first, fits.branch()) : tips.byKey(fits.branch());
        boolean decides = false;
        long before = lastOffset;
        for (var event : run) {
            if (segment == 0 || ControlType.isControl(event.type())) storage.insert(++lastOffset, branch.key(), event);
            else storage.insertCondensed(++lastOffset, branch.key(), event, segment);
            for (var merge : event.envelope().merges()) tips.atTip(merge).filter(Branch::head).ifPresent(head -> put(head.withHead(false)));
        }
        branch = fits.fork() ? branch : tips.byKey(branch.key());
        put(branch.withTip(run.getLast()));
        for (int i = 0; i < run.size(); i++) {
            var event = run.get(i);
            if (ControlType.isControl(event.type())) {
                members.add(ControlEvent.of(event));
                storage.insertControl(before + 1 + i);
                decides = true;
            } else decides |= members.decidesClaim(event.chain().origin(), event.envelope().ts().wallMs());
        }
        if (decides) members.lookAgain();
        var changed = decides ? verdicts.look() : List.<NodeId>of();
        var voids = verdicts.after(branch, fits.fork(), run);
        put(tips.byKey(branch.key()).withVoids(voids));
        for (int i = 0; i < run.size(); i++) {
            var event = run.get(i);
            var verdict = voids.contains(event.seq()) ? Verdict.VOID : Verdict.COUNTS;
            if (verdict == Verdict.COUNTS) accepted++;
            else voided++;
            answers.put(event.id(), new Admission.Accepted(event, before + 1 + i, verdict));
            ready.addAll(room.waitingFor(event.id()));
        }
        if (first.type().equals(ControlType.REBASE)) rebase(EventRules.Rebase.of(first).chain());
        for (var author : changed) for (var chain : List.copyOf(tips.chainsOf(author))) judgeAgain(chain);
    }

    /// See [EventLog#putSegment].
    public void putSegment(Chunk chunk) {
        storage.putSegment(chunk);
    }

    /// See [EventLog#condense].
    public void condense(Chunk chunk, Set<EventId> signed) {
        int number = storage.putSegment(chunk);
        for (var event : Segment.read(space, chunk).events()) {
            if (ControlType.isControl(event.type())) continue;
            var branch = tips.locate(event.chain(), event.seq(), event.id(), storage)
                .orElseThrow(() -> new IllegalArgumentException("a segment holds what the log does not: " + event));
            storage.condense(branch.key(), event.seq(), number, signed.contains(event.id()));
        }
    }

    /// See [EventLog#adopt].
    public List<ChunkId> adopt(Segment segment, Map<EventId, Event> signed, long nowMs) {
        var fresh = new ArrayList<Event>();
        var lacking = new LinkedHashSet<ChunkId>();
        for (var event : segment.events()) {
            if (tips.locate(event.chain(), event.seq(), event.id(), storage).isPresent()) continue;
            boolean decides = ControlType.isControl(event.type());
            if (decides && !signed.containsKey(event.id())) throw new MalformedPayload("a segment holds a control event that its checkpoint does not list");
            fresh.add(signed.getOrDefault(event.id(), event));
            if (!decides) for (var named : event.chunks()) if (!storage.hasChunk(named)) lacking.add(named);
        }
        if (!lacking.isEmpty()) return List.copyOf(lacking);
        requireInOrder(fresh);
        int number = storage.putSegment(segment.chunk());               // also when all of it is here: whoever took a checkpoint offers it
        if (fresh.isEmpty()) return List.of();
        begin();
        for (int from = 0, to; from < fresh.size(); from = to) {
            to = from + 1;
            while (to < fresh.size() && follows(fresh.get(to - 1), fresh.get(to))) to++;
            var run = List.copyOf(fresh.subList(from, to));
            for (var event : run) {
                var guest = room.guest(event.id());
                if (guest == null) continue;
                leave(guest);                                           // as if it had not come yet: the rest of its run is offered again
                received -= guest.events().size();
            }
            received += run.size();
            place(run, admitter.belongs(run.getFirst()).orElseThrow(), number);
        }
        settle(nowMs);
        end();
        return List.of();
    }

    /// What an event needs to be placed is here or comes before it: found out before anything is written.
    private void requireInOrder(List<Event> fresh) {
        var coming = new HashMap<EventId, Event>();
        for (var event : fresh) {
            var before = event.envelope().prev().map(coming::get);
            boolean fits = before.isPresent() ? before.get().chain().equals(event.chain()) && before.get().seq() == event.seq() - 1 : admitter.belongs(event).isPresent();
            if (!fits) throw new MalformedPayload("a segment goes on where this log is not: " + event);
            for (var id : event.envelope().control())
                if (!members.knows(id) && !(coming.containsKey(id) && ControlType.isControl(coming.get(id).type())))
                    throw new MalformedPayload("a segment is not in the order of its control events: " + event);
            coming.put(event.id(), event);
        }
    }

    private static boolean follows(Event before, Event event) {
        return !ControlType.isControl(before.type()) && event.chain().equals(before.chain()) && event.envelope().control().equals(before.envelope().control())
            && event.envelope().prev().equals(Optional.of(before.id()));
    }

    private Branch newBranch(Event first, int parent) {
        int number = tips.branches(first.chain()).size();
        var continues = first.seq() == 1 ? EventRules.continues(first) : Optional.<Epoch>empty();
        return new Branch(tips.nextKey(), first.chain(), number, parent, first.seq(), first.seq(), first.id(), first.envelope().ts(),
            Branch.controlAfter(first), true, Voids.NONE, continues);
    }

    private void put(Branch branch) {
        tips.put(branch);
        touched.put(branch.key(), branch);
        storage.putBranch(branch);
    }

    /// Voids all of a chain but one event and its chain ancestors. Several rebases of one chain all apply, in any order of arrival.
    private void rebase(ChainId chain) {
        if (!tips.isCut(chain)) {
            tips.markCut(chain);
            storage.putCut(chain);
        }
        judgeAgain(chain);
        if (members.decidedIn(chain)) for (var guest : room.guests()) if (guest.heldUntilMs() > 0) ready.add(guest);        // it may have been held for what was taken back
    }

    /// What was written before may be worth something else now.
    private void judgeAgain(ChainId chain) {
        for (var branch : List.copyOf(tips.branches(chain))) {
            var voids = verdicts.of(branch);
            if (voids.equals(branch.voids())) continue;
            put(branch.withVoids(voids));
            for (var change : voids.changes(branch.voids(), branch.first(), branch.tipSeq())) {
                long events = change.to() - change.from() + 1;
                accepted += change.verdict() == Verdict.COUNTS ? events : -events;
                voided += change.verdict() == Verdict.VOID ? events : -events;
                storage.insertVerdictChange(new Entry.VerdictChanged(++lastOffset, chain, branch.number(), change.from(), change.to(), change.verdict()),
                    branch.key());
            }
        }
        if (room.hasChain(chain)) for (var guest : room.guests()) if (guest.events().getFirst().chain().equals(chain)) ready.add(guest);
    }
}
