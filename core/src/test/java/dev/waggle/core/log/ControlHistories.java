package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/// Random histories of a space whose members add, raise, lower, remove, rotate, readmit, transfer and claim, each knowing only a part of what the
/// others did; who fork, open epochs and rebase. Many of the events are refused by every node, many are void.
public final class ControlHistories {
    private static final long DAY_MS = 24L * 3_600_000;

    private final TestSpace space;
    private final Random random;
    private final EventLog reference;
    private final List<Event> history = new ArrayList<>();
    private final List<Author> authors = new ArrayList<>();
    private final Map<NodeId, List<Event>> written = new HashMap<>();
    private final List<EventId> control = new ArrayList<>();
    private final Map<EventId, Long> controlMs = new HashMap<>();
    private long namedMs;                           // the latest stamp of what the next event names

    private ControlHistories(TestSpace space, Random random, EventLog reference) {
        this.space = space;
        this.random = random;
        this.reference = reference;
    }

    /// @param reference an empty log: takes all of it, in the order in which it is written
    public static List<Event> of(TestSpace space, Random random, EventLog reference, int events) {
        var history = new ControlHistories(space, random, reference);
        history.write(events);
        return history.history;
    }

    private void write(int events) {
        authors.addAll(List.of(space.owner, space.writer));
        for (int i = 0; i < 5; i++) authors.add(TestSpace.author("member " + i));
        offer(space.genesis);
        Event before = space.genesis;
        for (int i = 1; i < 5; i++) {
            before = space.after(before, space.owner).at(TestSpace.NOW - 100 * DAY_MS + i)
                .draft(TestSpace.member(authors.get(i), i < 3 ? Role.MODERATOR : Role.values()[2 + random.nextInt(2)])).event();
            offer(before);
        }
        for (int i = 0; i < events; i++) one(i);
    }

    private void one(int number) {
        var author = random.nextInt(3) == 0 ? authors.getFirst() : any(authors);
        var own = written.getOrDefault(author.signer().node(), List.of());
        boolean opens = own.isEmpty() || random.nextInt(8) == 0;
        var before = opens ? null : random.nextInt(5) == 0 ? any(own) : own.getLast();
        var names = new TreeSet<EventId>(before == null ? List.of() : Branch.controlAfter(before));
        int known = 1 + random.nextInt(2);
        for (int i = 0; i < known; i++) names.add(control.get(control.size() - 1 - random.nextInt(Math.min(control.size(), random.nextBoolean() ? 2 : 8))));
        var writing = space.after(before, author).control(names.stream().limit(16).toList()).text("event " + number);
        writing.epoch(before == null ? TestSpace.epoch("epoch " + number) : before.chain().epoch());
        var draft = random.nextInt(3) == 0 ? Optional.<Draft>empty() : draft(author, own);
        draft.ifPresent(writing::draft);
        long after = before == null ? 0 : before.envelope().ts().wallMs() + 1;
        if (random.nextInt(20) > 0) for (var name : names) after = Math.max(after, controlMs.get(name) + 1);
        if (random.nextInt(20) > 0) after = Math.max(after, namedMs + 1);        // else it may be stamped too early, and is refused
        namedMs = 0;
        writing.at(Math.min(TestSpace.NOW, Math.max(after, TestSpace.NOW - random.nextLong(90 * DAY_MS))));
        if (before != null && before.envelope().ts().wallMs() >= TestSpace.NOW) return;
        offer(writing.event());
    }

    private Optional<Draft> draft(Author author, List<Event> own) {
        var subject = any(authors).signer().node();
        return Optional.of(switch (random.nextInt(12)) {
            case 0, 1 -> new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", subject.hex(), "cuts", cut(subject)));
            case 2, 3 -> new Draft(ControlType.ROLE_CHANGED, Json.object("subject", subject.hex(), "role", role().wire(), "cuts", cut(subject)));
            case 4, 5 -> TestSpace.member(subject, role());
            case 6 -> new Draft(ControlType.MEMBER_LEFT, Json.object("cuts", cut(author.signer().node())));
            case 7 -> new Draft(ControlType.OWNERSHIP_TRANSFERRED, Json.object("to", subject.hex(), "cuts", cut(author.signer().node())));
            case 8 -> new Draft(ControlType.OWNERSHIP_CLAIMED, Json.object("subject", authors.getFirst().signer().node().hex(), "cuts", cut(authors.getFirst().signer().node())));
            case 9 -> new Draft(ControlType.DEVICE_ROTATED, Json.object("subject", (random.nextBoolean() ? author.signer().node() : subject).hex(),
                "to", any(authors).signer().node().hex(), "cuts", cut(subject)));
            case 10 -> new Draft(ControlType.READMITTED, Json.object("subject", subject.hex(), "counts", cut(subject)));
            default -> own.isEmpty() ? new Draft("note_added", Json.object())
                : new Draft(ControlType.REBASE, EventRules.Rebase.body(any(own).chain(), Optional.of(any(own).ref())));
        });
    }

    private Role role() {
        return Role.values()[1 + random.nextInt(4)];
    }

    private Json cut(NodeId subject) {
        var events = written.getOrDefault(subject, List.of());
        var named = new ArrayList<dev.waggle.core.event.EventRef>();
        for (int i = 0; i < 3 && !events.isEmpty(); i++) {
            var one = any(events);
            namedMs = Math.max(namedMs, one.envelope().ts().wallMs());
            named.add(one.ref());
        }
        return ControlEvent.cut(named);
    }

    private void offer(Event event) {
        history.add(event);
        if (!(reference.append(List.of(event), TestSpace.NOW).getFirst() instanceof Admission.Accepted)) return;
        written.computeIfAbsent(event.chain().origin(), _ -> new ArrayList<>()).add(event);
        if (!ControlType.isControl(event.type())) return;
        control.add(event.id());
        controlMs.put(event.id(), event.envelope().ts().wallMs());
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
