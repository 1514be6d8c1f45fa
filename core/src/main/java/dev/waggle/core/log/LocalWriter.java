package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Turns drafts into numbered, stamped, signed events, without changing anything: what it plans is admitted by the same rules as events of
/// others.
///
/// Doubt resolves towards a new epoch. A chain that is forked, or of which the waiting room holds events that this log never wrote, is
/// left with `epoch_opened`; one that ends in stamps more than [EventLog#FUTURE_MS_MAX] ahead of `nowMs` is left with `rebase`, and what
/// it voids is written again. Both name the old epoch, so the log knows later where a caller that still names the old one goes on. Epochs that
/// were left before their stamps were repaired are repaired, too: nobody else could, and what they hold would be held elsewhere until its time.
final class LocalWriter {
    /// @param events the whole plan, in order; the drafts' events are the last
    record Plan(List<Event> events) {
        static final Plan NOTHING = new Plan(List.of());
    }

    /// A group of drafts stamped right after the latest stamp that is believed may not itself be held.
    private static final long SPARE_MS = 1_000;

    private final SpaceId space;
    private final LogTips tips;
    private final Members members;
    private final WaitingRoom room;
    private final LogStorage storage;
    private final Supplier<Epoch> fresh;
    private final Chronicle chronicle;

    LocalWriter(SpaceId space, LogTips tips, Members members, Chronicle chronicle, WaitingRoom room, LogStorage storage, Supplier<Epoch> fresh) {
        this.space = space;
        this.tips = tips;
        this.members = members;
        this.chronicle = chronicle;
        this.room = room;
        this.storage = storage;
        this.fresh = fresh;
    }

    /// @throws WriteRefused when the author may not write one of the drafts
    /// @throws PayloadTooLarge when a draft does not fit
    Plan plan(Author author, List<Draft> drafts, List<Chunk> chunks, long nowMs) {
        requireMember(author.signer().node());
        requireChunks(drafts, chunks);
        return new Planning(author, nowMs).plan(drafts);
    }

    private void requireMember(NodeId node) {
        if (members.isEmpty()) throw new WriteRefused("this log has no genesis yet: fetch the space from a member first");
        if (!members.membersNow().containsKey(node)) throw new WriteRefused("this node is no member of the space: ask its owner for an invitation");
    }

    private void requireChunks(List<Draft> drafts, List<Chunk> chunks) {
        Set<ChunkId> given = new HashSet<>();
        for (var chunk : chunks) given.add(chunk.id());
        for (var draft : drafts)
            for (var chunk : ChunkId.listed(draft.body()))
                if (!given.contains(chunk) && !storage.hasChunk(chunk))
                    throw new IllegalArgumentException("a draft names a chunk that is not stored: " + chunk);
    }

    /// See [EventLog#hasWrongStamps].
    boolean hasWrongStamps(NodeId node, long nowMs) {
        return !wrong(node, held(node, limitMs(nowMs)), limitMs(nowMs)).isEmpty();
    }

    private static long limitMs(long nowMs) {
        return nowMs + EventLog.FUTURE_MS_MAX - SPARE_MS;
    }

    /// What the node lost, and holds for its stamps since others gave it back.
    private SortedMap<ChainId, List<Event>> held(NodeId node, long limitMs) {
        var held = room.heldOf(node);
        held.values().removeIf(events -> events.getLast().envelope().ts().wallMs() <= limitMs);
        return held;
    }

    private List<ChainId> wrong(NodeId node, SortedMap<ChainId, List<Event>> held, long limitMs) {
        return Stream.concat(tips.chainsOf(node).stream().filter(own -> endsAfter(own, limitMs)), held.keySet().stream()).distinct().sorted().toList();
    }

    private boolean endsAfter(ChainId own, long limitMs) {
        return tips.branches(own).stream().anyMatch(branch -> branch.tipTs().wallMs() > limitMs && countsAfter(branch, limitMs));
    }

    /// What was rebased away lies at the end of a branch: the last event before it decides.
    private boolean countsAfter(Branch branch, long limitMs) {
        long last = branch.voids().lastCounting(branch.tipSeq());
        return last >= branch.first() && (last == branch.tipSeq() || stored(branch, last).envelope().ts().wallMs() > limitMs);
    }

    private Event stored(Branch branch, long at) {
        return storage.eventAt(branch.key(), at).orElseThrow(() ->
            new WriteRefused("event " + at + " of chain " + branch.chain() + " is damaged: repair it first"));
    }

    private final class Planning {
        private final Author author;
        private final NodeId node;
        private final long nowMs;
        private final long limitMs;
        private final List<Event> events = new ArrayList<>();
        private final List<EventRef> toMerge = new ArrayList<>();
        private final Map<EventId, EventId> rewritten = new HashMap<>();
        private SortedMap<ChainId, List<Event>> held = new TreeMap<>();
        private ChainId chain;
        private Optional<EventId> prev = Optional.empty();
        private long seq = 1;
        private Hlc stamp = Hlc.ZERO;
        private List<EventId> control;
        private Members membersThen;

        Planning(Author author, long nowMs) {
            this.author = author;
            this.node = author.signer().node();
            this.nowMs = nowMs;
            this.limitMs = limitMs(nowMs);
        }

        Plan plan(List<Draft> drafts) {
            chain = tips.continuation(new ChainId(node, author.epoch()));
            membersThen = members;
            control = members.heads(limitMs);
            if (control.isEmpty())
                throw new WriteRefused("the space's genesis is stamped in this clock's future: set the clock, or make the space anew");
            for (var id : control) stamp = Hlc.max(stamp, members.stamp(id));    // what is believed may lie behind a head that is not
            for (var head : tips.heads().descendingSet()) {
                if (head.tipTs().wallMs() > limitMs) continue;            // written with a wrong clock: others hold it
                stamp = Hlc.max(stamp, head.tipTs());
                if (!head.chain().equals(chain) || tips.branches(chain).size() > 1) toMerge.add(head.tip().ref());
            }
            var current = chain;
            held = held(node, limitMs);
            var wrong = wrong(node, held, limitMs);
            for (var old : wrong) if (!old.equals(current)) rebase(old);
            var branches = tips.branches(current);
            if (wrong.contains(current)) rebase(current);
            else if (!wrong.isEmpty()) limitControl();                    // goes on where the last repair stands
            else if (branches.size() > 1 || room.hasChain(current) || branches.stream().anyMatch(branch -> branch.tipTs().wallMs() > limitMs))
                openEpoch();                                          // a void end stamped in the future: a cut took it, nothing follows it
            else if (!branches.isEmpty()) continueFrom(branches.getFirst());
            limitControl();
            for (var draft : drafts) add(draft.type(), mapIds(draft.body()), false);
            return new Plan(signed());
        }

        private void continueFrom(Branch branch) {
            prev = Optional.of(branch.tipId());
            seq = branch.tipSeq() + 1;
            stamp = Hlc.max(stamp, branch.tipTs());
            control = members.together(control, branch.control());         // never back: some may be void by now
        }

        private void openEpoch() {
            var old = chain;
            for (var branch : tips.branches(old))
                if (branch.tipTs().wallMs() <= limitMs && !toMerge.contains(branch.tip().ref())) toMerge.addFirst(branch.tip().ref());
            begin(new ChainId(node, fresh.get()));
            add(ControlType.EPOCH_OPENED, Json.object(EventRules.OLD_EPOCH, old.epoch().hex()), false);
        }

        /// The last event of the old epoch with a believable stamp is the last that counts; of several branches the one that got furthest. What
        /// else counted is written again, in the order of its stamps; and what others sent of this epoch that this log has lost, which is held here, too. It
        /// was written before a loss of which nobody knows what else it took, so what may not be written any more is left void. So is what this node decided with a right
        /// that it got from somebody whose clock was as wrong, and does not have yet: else it could write nothing for years.
        private void rebase(ChainId old) {
            var branches = tips.branches(old);
            Branch kept = null;
            long keptUpTo = 0;
            for (var branch : branches) {
                long good = lastBelievable(branch, branch.tipSeq());
                if (good < branch.first() || good <= keptUpTo) continue;
                kept = branch;
                keptUpTo = good;
            }
            var last = kept == null ? Optional.<EventRef>empty() : Optional.of(stored(kept, keptUpTo).ref());
            if (kept != null) stamp = Hlc.max(stamp, stored(kept, keptUpTo).envelope().ts());
            var again = new ArrayList<Event>();
            var countsUpTo = new HashMap<Integer, Long>();
            for (long upTo = keptUpTo; kept != null; upTo = kept.first() - 1, kept = tips.byKey(kept.parent())) countsUpTo.put(kept.key(), upTo);
            for (var branch : branches)
                for (long place = Math.max(branch.first(), countsUpTo.getOrDefault(branch.key(), 0L) + 1); place <= branch.tipSeq(); place++)
                    if (branch.verdict(place) == Verdict.COUNTS) again.add(stored(branch, place));
            var lost = held.getOrDefault(old, List.of());
            again.addAll(lost);
            again.sort(Comparator.comparing((Event event) -> event.envelope().ts()).thenComparing(Event::id));
            if (!events.isEmpty()) toMerge.addFirst(events.getLast().ref());
            begin(new ChainId(node, fresh.get()));
            add(ControlType.REBASE, EventRules.Rebase.body(old, last), false);
            for (var event : again) {
                if (event.type().equals(ControlType.REBASE) || event.type().equals(ControlType.EPOCH_OPENED)) continue;
                try {
                    add(event.type(), mapIds(withoutEnvelope(event)), true);
                } catch (WriteRefused e) {
                    if (!lost.contains(event) && !ControlType.isControl(event.type())) throw e;
                    continue;
                }
                rewritten.put(event.id(), events.getLast().id());
            }
        }

        private void begin(ChainId fresh) {
            chain = fresh;
            prev = Optional.empty();
            seq = 1;
            limitControl();
        }

        /// Stamps only grow along a chain: a binary search, up to `seq`. Below the branch's first when all of it lies in the future.
        private long lastBelievable(Branch branch, long seq) {
            if (branch.tipTs().wallMs() <= limitMs) return seq;
            long good = branch.first() - 1;
            long bad = seq + 1;
            while (bad - good > 1) {
                long middle = (good + bad) >>> 1;
                if (stored(branch, middle).envelope().ts().wallMs() > limitMs) bad = middle;
                else good = middle;
            }
            return good;
        }

        private static Json.Obj withoutEnvelope(Event event) {
            var members = new TreeMap<>(event.body().members());
            members.remove(Envelope.MEMBER);
            return new Json.Obj(members);
        }

        private Json.Obj mapIds(Json.Obj body) {
            if (rewritten.isEmpty() || !(body.members().get(EventRules.IDS) instanceof Json.Arr(var items))) return body;
            return body.with(EventRules.IDS, Json.array(items.stream().map(item ->
                item instanceof Json.Str(var hex) && hex.length() == 64 && Hex.isLower(hex, 64)
                    ? Json.of(rewritten.getOrDefault(new EventId(hex), new EventId(hex)).hex()) : item).toList()));
        }

        /// An envelope names 16 control events at most: those that the predecessor named stay covered, the rest follow with later events.
        private void limitControl() {
            if (control.size() <= Envelope.CONTROL_MAX) return;
            var branches = tips.branches(chain);
            var needed = prev.isEmpty() || branches.isEmpty() ? List.<EventId>of() : branches.getFirst().control();
            var kept = new ArrayList<>(control);
            for (var id : control) {
                if (kept.size() == Envelope.CONTROL_MAX) break;
                kept.remove(id);
                if (!membersThen.covers(kept, needed)) kept.add(id);
            }
            if (kept.size() > Envelope.CONTROL_MAX)
                throw new WriteRefused("too many concurrent control events: any member's control event joins them");
            control = kept.stream().sorted().toList();
        }

        /// @param again it was written before, with a stamp that is not believed
        private void add(String type, Json.Obj draft, boolean again) {
            var body = named(type, draft, again);
            var merges = toMerge.stream().limit(Envelope.MERGES_MAX).sorted().toList();
            Event event;
            try {
                event = write(type, body, merges);
            } catch (PayloadTooLarge e) {
                if (merges.isEmpty()) throw e;
                event = write(type, body, merges = List.of());        // the next event merges them
            }
            if (type.equals(ControlType.OWNERSHIP_CLAIMED)) requireOwnerGone(event);
            if (!Rights.allow(membersThen.at(control), event)) throw refused(type);
            toMerge.removeAll(merges);
            events.add(event);
            prev = Optional.of(event.id());
            seq++;
            stamp = event.envelope().ts();
            if (ControlType.isControl(type)) {
                if (membersThen == members) membersThen = members.copy();
                membersThen.add(ControlEvent.of(event));
                control = List.of(event.id());
            }
        }

        private WriteRefused refused(String type) {
            var role = membersThen.at(control).role(node);
            if (role.isEmpty() && members.membersNow().containsKey(node))
                return new WriteRefused("what made this node a member is stamped later than this machine's clock says: set the clock");
            return new WriteRefused("this node may not write " + type + " in this space: its role is " + role.map(Role::wire).orElse("none"));
        }

        /// What takes authority away names the subject's last events that count, and what readmits the last that shall: if the draft does not, those
        /// that are known now. It is stamped after all of them, so it names none whose stamp is not believed. What a node wrote of itself, and writes again,
        /// names what it has written again until then.
        private Json.Obj named(String type, Json.Obj body, boolean again) {
            boolean readmits = type.equals(ControlType.READMITTED);
            var member = readmits ? ControlEvent.COUNTS : ControlEvent.CUTS;
            var subject = readmits ? Optional.of(new NodeId(body.text("subject"))) : ControlEvent.cutSubject(type, body, node);
            if (subject.isEmpty()) return body;
            List<EventRef> last;
            if (body.get(member).isPresent()) {
                var named = ControlEvent.named(body, member, subject.get());
                if (again) named = here(named, subject.get());
                last = new ArrayList<>(named.stream().flatMap(ref -> believed(ref).stream()).distinct().toList());
                if (again) addPlanned(subject.get(), last);
            } else {
                if (type.equals(ControlType.ROLE_CHANGED) && membersThen.at(control).role(subject.get())
                    .filter(before -> Role.of(body.text("role")).compareTo(before) > 0).isEmpty()) return body;
                last = lastOf(subject.get(), readmits);
            }
            for (var ref : last) stampOf(ref).ifPresent(ts -> stamp = Hlc.max(stamp, ts));
            return body.with(member, ControlEvent.cut(last));
        }

        /// What this node lost may name what it lost, too. Of its own that is written again; what others wrote and is not here cannot be named, and to leave it out would void it.
        private List<EventRef> here(List<EventRef> named, NodeId subject) {
            var here = named.stream().filter(ref -> tips.locate(ref.chain(), ref.seq(), ref.id(), storage).isPresent()).toList();
            if (here.size() < named.size() && !subject.equals(node)) throw new WriteRefused("what it names is not here");
            return here;
        }

        /// The event itself, or the last before it on its chain whose stamp is believed. What is not here stays as it is.
        private Optional<EventRef> believed(EventRef ref) {
            var branch = tips.locate(ref.chain(), ref.seq(), ref.id(), storage).orElse(null);
            if (branch == null) return Optional.of(ref);
            for (long seq = ref.seq(); branch != null; seq = branch.first() - 1, branch = tips.byKey(branch.parent())) {
                long good = lastBelievable(branch, seq);
                if (good >= branch.first()) return Optional.of(good == ref.seq() ? ref : stored(branch, good).ref());
            }
            return Optional.empty();
        }

        private Optional<Hlc> stampOf(EventRef ref) {
            return tips.locate(ref.chain(), ref.seq(), ref.id(), storage).map(branch ->
                ref.seq() == branch.tipSeq() ? branch.tipTs() : stored(branch, ref.seq()).envelope().ts());
        }

        /// The longest chains, when there are more than one event can name.
        private List<EventRef> lastOf(NodeId subject, boolean alsoVoid) {
            var last = new ArrayList<EventRef>();
            for (var chain : tips.chainsOf(subject))
                for (var branch : tips.branches(chain)) {
                    long good = lastBelievable(branch, branch.tipSeq());
                    long seq = alsoVoid ? good : branch.voids().lastCounting(good);
                    if (seq >= branch.first() && !isPlanned(chain)) last.add(seq == branch.tipSeq() ? branch.tip().ref() : stored(branch, seq).ref());
                }
            addPlanned(subject, last);
            last.sort(Comparator.comparingLong(EventRef::seq).reversed().thenComparing(Comparator.naturalOrder()));
            return last.stream().limit(ControlEvent.NAMED_MAX).sorted().toList();
        }

        /// The last of each chain that this plan writes.
        private void addPlanned(NodeId subject, List<EventRef> last) {
            for (int i = 0; i < events.size(); i++) {
                boolean ends = i + 1 == events.size() || !events.get(i + 1).chain().equals(events.get(i).chain());
                if (ends && events.get(i).chain().origin().equals(subject)) last.add(events.get(i).ref());
            }
        }

        private boolean isPlanned(ChainId other) {
            return events.stream().anyMatch(event -> event.chain().equals(other));
        }

        private void requireOwnerGone(Event claim) {
            var owner = new NodeId(claim.body().text("subject"));
            long upTo = claim.envelope().ts().wallMs();
            if (chronicle.signedWithin(owner, upTo - members.dag().at(0).event().ownerGoneMs(), upTo))
                throw new WriteRefused("the owner was there within the space's waiting time: a claim would not count");
        }

        private Event write(String type, Json.Obj body, List<EventRef> merges) {
            return Event.write(new Envelope(Optional.of(space), chain, seq, prev, merges, control, stamp.next(nowMs), type), body);
        }

        /// Signs the last event, every one before an event that others may judge apart from it, and at least every
        /// [EventLog#UNSIGNED_RUN_EVENTS_MAX] events or [EventLog#UNSIGNED_RUN_BYTES_MAX] bytes.
        private List<Event> signed() {
            int unsignedEvents = 0;
            long unsignedBytes = 0;
            for (int i = 0; i < events.size(); i++) {
                var event = events.get(i);
                unsignedEvents++;
                unsignedBytes += event.payload().length;
                boolean last = i + 1 == events.size();
                if (!last && unsignedEvents < EventLog.UNSIGNED_RUN_EVENTS_MAX
                    && unsignedBytes + events.get(i + 1).payload().length <= EventLog.UNSIGNED_RUN_BYTES_MAX
                    && events.get(i + 1).chain().equals(event.chain()) && !EventRules.beginsRun(events.get(i + 1), event)) continue;
                events.set(i, event.signed(author.signer()));
                unsignedEvents = 0;
                unsignedBytes = 0;
            }
            return List.copyOf(events);
        }
    }
}
