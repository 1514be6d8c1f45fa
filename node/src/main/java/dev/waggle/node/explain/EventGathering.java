package dev.waggle.node.explain;

import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCodec;
import dev.waggle.apps.hive.HiveChange;
import dev.waggle.apps.hive.HiveCodec;
import dev.waggle.apps.hive.Ref;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Standing;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.board.Boards;
import dev.waggle.node.hive.Hives;
import dev.waggle.store.capture.TableFollower;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Gathers what is known of events of one space. Each question costs a few reads by index, whatever the log holds.
final class EventGathering {
    private final Node node;
    private final SpaceRuntime space;
    private final Hives hives;
    private final Boards boards;
    private final Names names;
    private final Holders holders;

    EventGathering(Node node, SpaceRuntime space, Hives hives, Boards boards, Names names) {
        this.node = node;
        this.space = space;
        this.hives = hives;
        this.boards = boards;
        this.names = names;
        this.holders = new Holders(node, space);
    }

    private EventLog log() {
        return space.log();
    }

    /// All of it: what it changed, too.
    EventFacts whole(Entry.Admitted entry) {
        var event = entry.event();
        var change = hiveChange(event);
        var base = new Shown(viewOf(entry.offset()), List.of(), 0, Optional.empty());
        var shown = space.follower().map(follower -> ofFile(follower, entry)).or(() -> ofHive(change, base)).or(() -> ofBoard(event, base)).orElse(base);
        return facts(event, change.map(did -> did.actor().agent()), Optional.of(place(entry)), Optional.empty(), shown);
    }

    /// Without what it changed: for the events behind a row.
    EventFacts brief(Entry.Admitted entry) {
        return facts(entry.event(), hiveChange(entry.event()).map(did -> did.actor().agent()), Optional.of(place(entry)), Optional.empty(), new Shown(Optional.empty(), List.of(), 0, Optional.empty()));
    }

    EventFacts waiting(Admission answer) {
        var event = answer.event();
        var since = node.arrivals().waitsSince(space.id(), event.id());
        var waits = switch (answer) {
            case Admission.Held(_, var untilMs) -> new EventFacts.Waits.Time(untilMs, since);
            case Admission.Waiting(_, var parents, var control, var chunks) -> new EventFacts.Waits.For(parents, control, chunks, since);
            default -> new EventFacts.Waits.For(List.of(), List.of(), List.of(), since);
        };
        return facts(event, hiveChange(event).map(did -> did.actor().agent()), Optional.empty(), Optional.of(waits), new Shown(Optional.empty(), List.of(), 0, Optional.empty()));
    }

    private record Shown(Optional<EventFacts.View> view, List<RecordFacts> records, int changed, Optional<String> quarantined) {}

    private EventFacts facts(Event event, Optional<String> author, Optional<EventFacts.Place> place, Optional<EventFacts.Waits> waits, Shown shown) {
        return new EventFacts(names, space.id(), space.name(), event, author, place, waits, shown.view(), shown.records(), shown.changed(), shown.quarantined(), caution());
    }

    private Optional<String> caution() {
        if (node.peers().removedFrom(space.id()).isPresent() || !log().state().members().containsKey(node.id()))
            return Optional.of("This node is no member of the space (any more): what it knows of the others, and of what counts there, may be old.");
        return Optional.empty();
    }

    private EventFacts.Place place(Entry.Admitted entry) {
        var event = entry.event();
        var standing = log().standing(event);
        var cause = standing.cause().flatMap(why -> switch (why) {
            case Standing.Cause.Cut(var by) -> find(by);
            case Standing.Cause.Ground(var voided) -> find(voided);
            case Standing.Cause.Rebased(var by) -> find(by);
            case Standing.Cause.Outdone _ -> Optional.empty();
        });
        boolean forked = log().branches().stream().filter(branch -> branch.chain().equals(event.chain())).count() > 1;
        return new EventFacts.Place(entry.offset(), entry.verdict(), standing, cause, Cover.of(log(), entry), node.arrivals().of(space.id(), entry.offset()), holders.of(event.ref(), entry.offset()),
            holders.others(), forked, log().state().lastOffset());
    }

    private Optional<Event> find(EventId id) {
        return log().find(id).map(Entry.Admitted::event);
    }

    private Shown ofFile(TableFollower follower, Entry.Admitted entry) {
        var told = follower.explain(entry.event().id(), entry.offset(), EventFacts.RECORDS_MAX);
        var view = new EventFacts.View("the file " + space.file().map(Object::toString).orElse("here"), told.applied(), told.trouble());
        return new Shown(Optional.of(view), told.effects().stories().stream().map(RowRecords::of).toList(), told.effects().records(), told.effects().quarantined());
    }

    private Optional<EventFacts.View> viewOf(long offset) {
        return space.view().map(view -> new EventFacts.View("the view of this " + space.type().orElse("space"), view.status().folded() >= offset, view.status().trouble()))
            .or(() -> space.file().map(file -> new EventFacts.View("the file " + file, false, space.trouble())));
    }

    private Optional<Shown> ofHive(Optional<HiveChange> change, Shown base) {
        if (!(change.map(HiveChange::ref).orElse(null) instanceof Ref.Content(var target))) return Optional.empty();
        return hives.list().stream().filter(hive -> hive.space() == space).findFirst().flatMap(hive -> hive.queries().ask(rows -> ContentRecords.of(rows, target)))
            .map(record -> new Shown(base.view(), List.of(record), 1, Optional.empty()));
    }

    private Optional<Shown> ofBoard(Event event, Shown base) {
        if (!(read(() -> BoardCodec.read(event)).orElse(null) instanceof BoardChange.OfTask change)) return Optional.empty();
        return boards.open(space.id()).flatMap(board -> board.queries().ask(rows -> TaskRecords.of(rows, change.task(), change.task()))).map(record -> new Shown(base.view(), List.of(record), 1, Optional.empty()));
    }

    private static Optional<HiveChange> hiveChange(Event event) {
        return read(() -> HiveCodec.read(event));
    }

    private static <T> Optional<T> read(Supplier<Optional<T>> codec) {
        try {
            return codec.get();
        } catch (MalformedPayload | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
