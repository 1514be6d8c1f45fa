package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A space and its authors, for tests: writes any event, also those that an honest node never would.
public final class TestSpace {
    public static final long NOW = 1_800_000_000_000L;

    public final Author owner = author("owner");
    public final Author writer = author("writer");
    public final Author stranger = author("stranger");
    public final Event genesis = Genesis.write(owner, "a space", "table", Json.object(), new byte[32]);
    public final SpaceId id = genesis.space();
    private final Map<EventId, Hlc> stamps = new ConcurrentHashMap<>(Map.of(genesis.id(), genesis.envelope().ts()));
    private int epochs;

    public static Author author(String name) {
        return new Author(TestKeys.signer(name), epoch(name));
    }

    public static Epoch epoch(String name) {
        return Epoch.of(Arrays.copyOf(Sha256.of(("epoch of " + name).getBytes(StandardCharsets.UTF_8)), 16));
    }

    /// Fresh epochs for a log of this test.
    public Epoch fresh() {
        return epoch("fresh " + epochs++);
    }

    public static Draft draft(String text) {
        return new Draft("note_added", Json.object("text", text));
    }

    public static Draft member(Author subject, Role role) {
        return member(subject.signer().node(), role);
    }

    public static Draft member(NodeId subject, Role role) {
        return new Draft(ControlType.MEMBER_ADDED, Json.object("subject", subject.hex(), "role", role.wire()));
    }

    /// Begins an event of `author`'s chain after `before`; null begins the chain. Control is what `before` had, and the genesis at the start. It is stamped after
    /// all that it names, unless [Writing#at] says when.
    public Writing after(Event before, Author author) {
        return new Writing(before, author);
    }

    /// `count` events in a row, each signed.
    public List<Event> chain(Event before, Author author, int count, List<EventId> control) {
        var events = new ArrayList<Event>();
        for (int i = 0; i < count; i++) {
            before = after(before, author).control(control).text("event " + i).event();
            events.add(before);
        }
        return events;
    }

    public final class Writing {
        private final Event before;
        private final Author author;
        private final List<EventRef> merges = new ArrayList<>();
        private Epoch epoch;
        private long seq;
        private Hlc ts;
        private boolean placed;
        private List<EventId> control;
        private String type = "note_added";
        private Json.Obj body = Json.object("text", "hello");
        private SpaceId space = id;

        private Writing(Event before, Author author) {
            this.before = before;
            this.author = author;
            epoch = author.epoch();
            seq = before == null ? 1 : before.seq() + 1;
            ts = before == null ? new Hlc(NOW, 0) : Hlc.max(before.envelope().ts(), new Hlc(NOW - 1, 0)).next(NOW);
            control = before == null ? List.of(genesis.id()) : Branch.controlAfter(before);
        }

        public Writing merging(Event... others) {
            Stream.of(others).map(Event::ref).forEach(merges::add);
            for (var other : others) if (ts.compareTo(other.envelope().ts()) <= 0) ts = other.envelope().ts().next(0);
            return this;
        }

        public Writing control(List<EventId> ids) {
            control = ids.stream().sorted().toList();
            for (var id : control) {
                var stamp = stamps.getOrDefault(id, Hlc.ZERO);
                if (!placed && ts.compareTo(stamp) <= 0) ts = stamp.next(0);
            }
            return this;
        }

        public Writing control(Event... events) {
            for (var event : events) stamps.put(event.id(), event.envelope().ts());
            return control(Stream.of(events).map(Event::id).toList());
        }

        public Writing text(String text) {
            body = Json.object("text", text);
            return this;
        }

        /// What names events is stamped after them: a second later than everything else, unless [#at] says when.
        public Writing draft(Draft draft) {
            type = draft.type();
            body = draft.body();
            boolean names = Stream.of(ControlEvent.CUTS, ControlEvent.COUNTS).anyMatch(member -> body.get(member).isPresent());
            if (names && !placed) ts = ts.next(NOW + 1_000);
            return this;
        }

        public Writing at(long wallMs) {
            placed = true;
            ts = new Hlc(wallMs, 0);
            return this;
        }

        public Writing epoch(Epoch other) {
            epoch = other;
            return this;
        }

        public Writing seq(long other) {
            seq = other;
            return this;
        }

        public Writing space(SpaceId other) {
            space = other;
            return this;
        }

        public Event unsigned() {
            Signer signer = author.signer();
            var prev = before == null || seq == 1 ? Optional.<EventId>empty() : Optional.of(before.id());
            var merged = merges.stream().sorted().distinct().toList();
            var written = Event.write(new Envelope(Optional.of(space), new ChainId(signer.node(), epoch), seq, prev, merged, control, ts, type), body);
            stamps.put(written.id(), ts);
            return written;
        }

        public Event event() {
            return unsigned().signed(author.signer());
        }
    }
}
