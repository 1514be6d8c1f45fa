package dev.waggle.node.explain;

import dev.waggle.apps.hive.HiveReading;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.record.Value;
import dev.waggle.node.Node;
import dev.waggle.node.Peers;
import dev.waggle.node.Plural;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.board.Boards;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.RowPage;
import dev.waggle.store.capture.RowsExplained;
import dev.waggle.store.capture.TableFollower;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds what was asked for and explains it. Thread-safe; nothing is changed, and nobody else is asked.
public final class Explainer {
    private static final int PREFIX_CHARS_MIN = 4;
    private static final int CHOICES_MAX = 5;
    /// Of a row that many events made so many are told of.
    private static final int SOURCES_MAX = 5;

    private final Node node;
    private final Hives hives;
    private final Boards boards;

    public Explainer(Node node, Hives hives, Boards boards) {
        this.node = node;
        this.hives = hives;
        this.boards = boards;
    }

    // Events

    private record Found(SpaceRuntime space, Optional<Entry.Admitted> entry, Optional<Admission> waiting) {
        EventId id() {
            return entry.map(admitted -> admitted.event().id()).orElseGet(() -> waiting.orElseThrow().event().id());
        }
    }

    /// @param prefix the beginning of its id, 4 digits at least
    /// @param asked  a space; empty for all
    /// @throws Problem when there is no such event here, or more than one
    public Answer event(String prefix, Optional<String> asked) {
        var begins = prefix.toLowerCase(Locale.ROOT);
        if (!begins.matches("[0-9a-f]{" + PREFIX_CHARS_MIN + ",64}"))
            throw new Problem(ErrorCode.BAD_REQUEST, "That is not the beginning of an event's id.", "Give at least " + PREFIX_CHARS_MIN + " of its hexadecimal digits; `waggle log show` lists them.");
        var spaces = asked.map(name -> List.of(node.space(name))).orElseGet(node::spaces);
        if (asked.isPresent()) requireMember(spaces.getFirst());
        var found = new ArrayList<Found>();
        for (var space : spaces) find(space, begins, found);
        if (found.size() == 1) return EventTelling.tell(facts(found.getFirst()));
        if (found.isEmpty()) throw notHere(spaces, begins);
        throw new Problem(ErrorCode.NOT_FOUND, "More than one event's id begins like that: " + found.stream().limit(CHOICES_MAX).map(each -> each.id().hex().substring(0, Math.min(64, begins.length() + 8)))
            .collect(Collectors.joining(", ")) + (found.size() > CHOICES_MAX ? " …." : "."), "Give more digits.");
    }

    private static void find(SpaceRuntime space, String begins, List<Found> found) {
        for (var entry : space.log().findAll(begins, CHOICES_MAX + 1)) found.add(new Found(space, Optional.of(entry), Optional.empty()));
        for (var answer : waiting(space)) if (answer.event().id().hex().startsWith(begins)) found.add(new Found(space, Optional.empty(), Optional.of(answer)));
    }

    private static List<Admission> waiting(SpaceRuntime space) {
        var counts = space.log().counts();
        return counts.waiting() + counts.held() == 0 ? List.of() : space.log().waiting(EventLog.WAITING_EVENTS_MAX);
    }

    /// An event may be known by name alone: others that are here wait for it.
    private static Problem notHere(List<SpaceRuntime> spaces, String begins) {
        for (var space : spaces)
            for (var answer : waiting(space))
                if (answer instanceof Admission.Waiting(var event, var parents, var control, _) && (parents.stream().anyMatch(ref -> ref.id().hex().startsWith(begins)) || control.stream().anyMatch(id -> id.hex().startsWith(begins))))
                    return new Problem(ErrorCode.NOT_FOUND, "No event with that id has come to this node, but " + Names.event(event.id()) + " of \"" + space.name() + "\" names it and waits for it.",
                        "It is asked for from every peer: see `waggle peer list` for whom this node reaches.");
        return new Problem(ErrorCode.NOT_FOUND, "No event whose id begins like that is in the logs of this node, or waits here.", "It may not have come yet, or belong to a space that this node is not in: `waggle space list`.");
    }

    private EventFacts facts(Found found) {
        var gathering = gathering(found.space());
        return found.entry().map(gathering::whole).orElseGet(() -> gathering.waiting(found.waiting().orElseThrow()));
    }

    private EventGathering gathering(SpaceRuntime space) {
        return new EventGathering(node, space, hives, boards, names());
    }

    private Names names() {
        Map<NodeId, String> peers = node.peers().list().stream().collect(Collectors.toMap(Peers.Known::node, Peers.Known::name, (a, _) -> a));
        return new Names(node.id(), peers);
    }

    private void requireMember(SpaceRuntime space) {
        if (space.role().isEmpty() && space.log().state().lastOffset() == 0)
            throw new Problem(ErrorCode.NOT_ALLOWED, "This node is no member of \"" + space.name() + "\" yet: nothing of it is here.", "Join it with a ticket: `waggle join TICKET`.");
    }

    // Rows

    /// The tables of a space, with their keys and columns.
    ///
    /// @throws Problem when no file here follows the space
    public Json tables(String asked) {
        var tables = new ArrayList<Json>();
        follower(node.space(asked)).schemas().values().forEach(schema -> tables.add(Json.object("name", schema.name(), "key", Json.array(schema.key().stream().map(Json::of).toList()),
            "columns", Json.array(schema.columns().stream().map(column -> Json.of(column.name())).toList()))));
        return Json.array(tables);
    }

    /// Rows of a table as its file has them.
    ///
    /// @param after see [TableFollower#rows]
    /// @throws Problem when no file here follows the space, or the file has no such table
    public RowPage rows(String asked, String table, Optional<List<Value>> after, long skip, int rowsMax, boolean counted) {
        var space = node.space(asked);
        var follower = follower(space);
        var schema = follower.schemas().get(table);
        if (schema == null) throw noTable(space, table);
        if (after.isPresent() && after.get().size() != schema.key().size()) throw new Problem(ErrorCode.BAD_REQUEST, "That is a place in another table.", "Begin with the first page.");
        return follower.rows(table, after, skip, rowsMax, counted)
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "The file has no table " + table + ", though the space has it.", "Make the table in the file; its rows come then."));
    }

    private static Problem noTable(SpaceRuntime space, String table) {
        return new Problem(ErrorCode.NOT_FOUND, "\"" + space.name() + "\" has no table of the name " + table + ".", "`waggle explain --tables` lists them.");
    }

    private TableFollower follower(SpaceRuntime space) {
        requireMember(space);
        return space.follower().orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "No file here shows the tables of \"" + space.name() + "\".",
            space.view().isPresent() ? "It has no tables: ask for an event, a post, a comment or a task." : "Ask for an event, or join the space into a file."));
    }

    /// @param words one for each column of the key
    /// @throws Problem when there is no such table, or nothing is known of such a row
    public Answer row(String asked, String table, List<String> words) {
        var space = node.space(asked);
        var told = follower(space).explain(table, words);
        if (told.schema().isEmpty()) throw noTable(space, table);
        var key = told.schema().get().key();
        if (key.size() != words.size())
            throw new Problem(ErrorCode.BAD_REQUEST, "The key of " + table + " has " + Plural.of(key.size(), "column") + ": " + String.join(", ", key) + ".", "Give one value for each.");
        if (told.stories().isEmpty() && told.queued().isEmpty() && told.file() != RowsExplained.InFile.OTHERWISE)
            throw new Problem(ErrorCode.NOT_FOUND, "No row of " + table + " has that key, and no event here speaks of one: neither the log, nor the file, nor its queue.",
                "Rows are found by their primary key. A deleted row with an integer key is found among the newest 10,000 rows of its table only; ask for its event instead.");
        return new RowTelling(space, table, words, told, names()).tell(events -> sources(space, events));
    }

    /// The first of the events that made a record what it is.
    private List<EventFacts> sources(SpaceRuntime space, List<EventId> events) {
        var gathering = gathering(space);
        return events.stream().limit(SOURCES_MAX).flatMap(id -> space.log().find(id).stream()).map(gathering::brief).toList();
    }

    // Posts, comments, tasks

    public Answer post(String id) {
        return content(hives.post(id).hive(), Target.post(id));
    }

    public Answer comment(String id) {
        return content(hives.comment(id).hive(), Target.comment(id));
    }

    private Answer content(Hives.Hive hive, Target target) {
        var record = hive.queries().ask((HiveReading rows) -> ContentRecords.of(rows, target))
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such " + target.kind().wire() + " here.", "`waggle hive show` lists them."));
        return told(target.kind().wire(), hive.space(), record, Json.object("content_id", target.id()));
    }

    /// @param id what a project of this node calls it
    public Answer task(String id) {
        var found = boards.task(id);
        var record = found.board().queries().ask(rows -> TaskRecords.of(rows, found.record(), found.id()))
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such task here.", "`waggle task list` names them."));
        return told("task", found.board().space(), record, Json.object("task", found.id(), "record", found.record()));
    }

    private Answer told(String kind, SpaceRuntime space, RecordFacts record, Json.Obj facts) {
        return RecordTelling.tell(kind, space.id(), space.name(), record, List.of(), sources(space, eventsOf(record)), List.of(), names(), facts);
    }

    /// The events behind what is shown, then those behind what is passed over, then the one that took it away.
    static List<EventId> eventsOf(RecordFacts record) {
        var events = new LinkedHashSet<EventId>();
        for (var change : record.changes()) if (change.fate() == RecordFacts.Fate.SHOWN) events.add(change.by().event());
        for (var field : record.fields()) field.by().ifPresent(by -> events.add(by.event()));
        for (var field : record.fields()) field.lost().forEach(lost -> events.add(lost.by().event()));
        for (var change : record.changes()) events.add(change.by().event());
        return List.copyOf(events);
    }
}
