package dev.waggle.apps.board;

import dev.waggle.apps.board.BoardChange.AtHub;
import dev.waggle.apps.board.BoardChange.Claimed;
import dev.waggle.apps.board.BoardChange.Closed;
import dev.waggle.apps.board.BoardChange.Copied;
import dev.waggle.apps.board.BoardChange.Created;
import dev.waggle.apps.board.BoardChange.Deleted;
import dev.waggle.apps.board.BoardChange.Finished;
import dev.waggle.apps.board.BoardChange.Linked;
import dev.waggle.apps.board.BoardChange.Logged;
import dev.waggle.apps.board.BoardChange.Progressed;
import dev.waggle.apps.board.BoardChange.Released;
import dev.waggle.apps.board.BoardChange.Renewed;
import dev.waggle.apps.board.BoardChange.Restored;
import dev.waggle.apps.board.BoardChange.Sequenced;
import dev.waggle.apps.board.BoardChange.SequencerNamed;
import dev.waggle.apps.board.BoardChange.Unlinked;
import dev.waggle.apps.board.BoardChange.Updated;
import dev.waggle.apps.board.BoardChange.Written;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Draft;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Board events as JSON. A change of fields names in `ids`, by field, the versions that its author saw as the live ones.
public final class BoardCodec {
    public static final String TASK_CREATED = "task_created";
    public static final String TASK_UPDATED = "task_updated";
    public static final String TASK_DELETED = "task_deleted";
    public static final String TASK_RESTORED = "task_restored";
    public static final String TASK_LOGGED = "task_logged";
    public static final String TASK_CLAIMED = "task_claimed";
    public static final String LEASE_RENEWED = "task_lease_renewed";
    public static final String TASK_PROGRESS = "task_progress";
    public static final String TASK_FINISHED = "task_finished";
    public static final String TASK_RELEASED = "task_released";
    public static final String PROJECT_LINKED = "project_linked";
    public static final String PROJECT_UNLINKED = "project_unlinked";
    public static final String PROJECT_CLOSED = "project_closed";
    public static final String PROJECT_AT_HUB = "project_at_hub";
    public static final String SEQUENCER_NAMED = "sequencer_named";
    public static final String CHANGES_SEQUENCED = "changes_sequenced";
    private static final String IDS = "ids";
    private static final String FIELDS = "fields";

    private BoardCodec() {}

    /// @return empty for the events of other types
    /// @throws MalformedPayload when it is of a type of ours and not what it should be
    public static Optional<BoardChange> read(Event event) {
        return read(event.type(), event.body());
    }

    private static Optional<BoardChange> read(String type, Json.Obj body) {
        return Optional.ofNullable(switch (type) {
            case TASK_CREATED -> {
                var fields = fields(body);
                if (!fields.containsKey(Field.TITLE)) throw new MalformedPayload("a task needs a title");
                yield new Created(task(body), fields, createdMs(body), copied(body));
            }
            case TASK_UPDATED -> {
                var fields = fields(body);
                if (fields.isEmpty()) throw new MalformedPayload("it changes no field");
                if (fields.containsKey(Field.EXTERNAL_ID)) throw new MalformedPayload("an external id is given once, when the task is made");
                yield new Updated(task(body), fields);
            }
            case TASK_DELETED -> new Deleted(task(body));
            case TASK_RESTORED -> new Restored(task(body));
            case TASK_LOGGED -> new Logged(task(body), text(body, "log_id").map(BoardLimits::id), BoardLimits.lines(body.array("lines")),
                body.get("claim").isPresent() ? Optional.of(claim(body)) : Optional.empty(), written(body));
            case TASK_CLAIMED -> {
                long token = BoardLimits.token(body.integer("token"));
                var before = text(body, "before").map(BoardCodec::eventId);
                var last = text(body, "last").map(BoardCodec::eventId);
                if (before.isPresent() == (token == 1) || last.isPresent() != before.isPresent())
                    throw new MalformedPayload("every claim but the first, whose token is 1, names the one before it and the last event under that");
                yield new Claimed(task(body), before, last, token, BoardLimits.leaseMs(body.integer("lease_ms")));
            }
            case LEASE_RENEWED -> new Renewed(task(body), claim(body), BoardLimits.leaseMs(body.integer("lease_ms")));
            case TASK_PROGRESS -> new Progressed(task(body), claim(body), text(body, "status").map(TaskStatus::of), percent(body), note(body));
            case TASK_FINISHED -> new Finished(task(body), claim(body), TaskStatus.of(body.text("status")), exitCode(body), note(body));
            case TASK_RELEASED -> new Released(task(body), claim(body), note(body));
            case PROJECT_LINKED -> new Linked(BoardLimits.nodeName(body.text("node_name")), text(body, "public_url").map(BoardLimits::url),
                body.get("executes").filter(Json.TRUE::equals).isPresent());
            case PROJECT_UNLINKED -> new Unlinked();
            case PROJECT_CLOSED -> new Closed();
            case PROJECT_AT_HUB -> new AtHub(listed(body));
            case SEQUENCER_NAMED -> {
                long term = BoardLimits.term(body.integer("term"));
                var before = text(body, "before").map(BoardCodec::eventId);
                if (before.isPresent() == (term == 1)) throw new MalformedPayload("every naming but the first, whose term is 1, names the one before it");
                yield new SequencerNamed(text(body, "node").map(BoardLimits::node), term, before, body.get("last").isPresent() ? BoardLimits.sequence(body.integer("last"), 0) : 0);
            }
            case CHANGES_SEQUENCED -> {
                var events = ids(body, "events", BoardLimits.SEQUENCED_MAX, "events");
                if (events.isEmpty() || new HashSet<>(events).size() != events.size()) throw new MalformedPayload("it sequences no event, or one twice");
                yield new Sequenced(BoardLimits.term(body.integer("term")), BoardLimits.sequence(body.integer("first"), 1), events);
            }
            default -> null;
        });
    }

    /// @return the versions that an event names, of one field
    /// @throws MalformedPayload when there are more than [BoardLimits#BASES_MAX]
    static List<EventId> bases(Event event, Field field) {
        return event.body().get(IDS).isEmpty() ? List.of() : ids(event.body().object(IDS), field.wire(), BoardLimits.BASES_MAX, "base versions");
    }

    private static List<EventId> ids(Json.Obj from, String name, int max, String what) {
        var items = from.arrayOrEmpty(name);
        if (items.size() > max) throw new MalformedPayload("more than " + max + " " + what);
        return items.stream().map(item -> eventId(item.asText())).toList();
    }

    /// What a node writes for a change that it decided on.
    ///
    /// @param bases by field, the live versions as the author sees them
    /// @throws MalformedPayload when a member is beyond its limit
    public static Draft draft(BoardChange change, SortedMap<Field, List<EventId>> bases) {
        var draft = switch (change) {
            case Created(var task, var fields, var createdMs, var copied) -> new Draft(TASK_CREATED, Json.object("task_id", task, FIELDS, json(fields),
                "created_ms", createdMs.isPresent() ? createdMs.getAsLong() : null, "copied", copied.map(BoardCodec::json).orElse(null)));
            case Updated(var task, var fields) -> new Draft(TASK_UPDATED, Json.object("task_id", task, FIELDS, json(fields)));
            case Deleted(var task) -> new Draft(TASK_DELETED, Json.object("task_id", task));
            case Restored(var task) -> new Draft(TASK_RESTORED, Json.object("task_id", task));
            case Logged(var task, var logId, var lines, var claim, var written) -> new Draft(TASK_LOGGED, Json.object("task_id", task, "log_id", logId.orElse(null),
                "lines", Json.array(lines.stream().map(Json::of).toList()), "claim", claim.map(ref -> ref.id().hex()).orElse(null), "token", claim.map(ClaimRef::token).orElse(null),
                "written", written.map(by -> Json.object("node", by.node().hex(), "ms", by.ms())).orElse(null)));
            case Claimed(var task, var before, var last, var token, var leaseMs) -> new Draft(TASK_CLAIMED, Json.object("task_id", task, "before", before.map(EventId::hex).orElse(null),
                "last", last.map(EventId::hex).orElse(null), "token", token, "lease_ms", leaseMs));
            case Renewed(var task, var claim, var leaseMs) -> new Draft(LEASE_RENEWED, fenced(task, claim).with("lease_ms", Json.of(leaseMs)));
            case Progressed(var task, var claim, var status, var percent, var note) -> new Draft(TASK_PROGRESS, merged(fenced(task, claim),
                Json.object("status", status.map(TaskStatus::wire).orElse(null), "percent", percent.isPresent() ? percent.getAsInt() : null, "note", note.orElse(null))));
            case Finished(var task, var claim, var status, var exitCode, var note) -> new Draft(TASK_FINISHED, merged(fenced(task, claim),
                Json.object("status", status.wire(), "exit_code", exitCode.isPresent() ? exitCode.getAsInt() : null, "note", note.orElse(null))));
            case Released(var task, var claim, var note) -> new Draft(TASK_RELEASED, merged(fenced(task, claim), Json.object("note", note.orElse(null))));
            case Linked(var name, var publicUrl, var executes) -> new Draft(PROJECT_LINKED, Json.object("node_name", name, "public_url", publicUrl.orElse(null), "executes", executes));
            case Unlinked() -> new Draft(PROJECT_UNLINKED, Json.object());
            case Closed() -> new Draft(PROJECT_CLOSED, Json.object());
            case AtHub(var listed) -> new Draft(PROJECT_AT_HUB, Json.object("listed", listed));
            case SequencerNamed(var node, var term, var before, var last) -> new Draft(SEQUENCER_NAMED, Json.object("node", node.map(NodeId::hex).orElse(null), "term", term,
                "before", before.map(EventId::hex).orElse(null), "last", last == 0 ? null : last));
            case Sequenced(var term, var first, var events) -> new Draft(CHANGES_SEQUENCED, Json.object("term", term, "first", first,
                "events", Json.array(events.stream().map(id -> Json.of(id.hex())).toList())));
        };
        read(draft.type(), draft.body());                                 // what nobody would take is not written
        var named = named(bases);
        return named.members().isEmpty() ? draft : new Draft(draft.type(), draft.body().with(IDS, named));
    }

    private static Json.Obj named(SortedMap<Field, List<EventId>> bases) {
        var named = new TreeMap<String, Json>();
        bases.forEach((field, ids) -> {
            if (!ids.isEmpty()) named.put(field.wire(), Json.array(ids.stream().limit(BoardLimits.BASES_MAX).map(id -> Json.of(id.hex())).toList()));
        });
        return Json.object(named);
    }

    private static Json.Obj json(SortedMap<Field, Json> fields) {
        var json = new TreeMap<String, Json>();
        fields.forEach((field, value) -> json.put(field.wire(), value));
        return Json.object(json);
    }

    private static Json.Obj json(Copied copied) {
        return Json.object("space", copied.space(), "task", copied.task(), "versions", named(copied.versions()));
    }

    private static Json.Obj fenced(String task, ClaimRef claim) {
        return Json.object("task_id", task, "claim", claim.id().hex(), "token", claim.token());
    }

    private static Json.Obj merged(Json.Obj one, Json.Obj other) {
        var members = new TreeMap<>(one.members());
        members.putAll(other.members());
        return Json.object(members);
    }

    private static String task(Json.Obj body) {
        return BoardLimits.id(body.text("task_id"));
    }

    private static SortedMap<Field, Json> fields(Json.Obj body) {
        var fields = new TreeMap<Field, Json>();
        body.object(FIELDS).members().forEach((name, value) -> {
            var field = Field.named(name).orElseThrow(() -> new MalformedPayload("a task has no field of that name"));
            fields.put(field, BoardLimits.value(field, value));
        });
        return fields;
    }

    private static OptionalLong createdMs(Json.Obj body) {
        if (body.get("created_ms").isEmpty()) return OptionalLong.empty();
        long ms = body.integer("created_ms");
        if (ms < 0) throw new MalformedPayload("created_ms is before 1970");
        return OptionalLong.of(ms);
    }

    private static Optional<Copied> copied(Json.Obj body) {
        if (body.get("copied").isEmpty()) return Optional.empty();
        var copied = body.object("copied");
        var space = copied.text("space");
        if (!Hex.isLower(space, 64)) throw new MalformedPayload("a space is named by 64 lower-case hexadecimal digits");
        var versions = new TreeMap<Field, List<EventId>>();
        var named = copied.object("versions");
        for (var field : Field.values()) if (named.get(field.wire()).isPresent()) versions.put(field, ids(named, field.wire(), BoardLimits.BASES_MAX, "base versions"));
        return Optional.of(new Copied(space, BoardLimits.id(copied.text("task")), versions));
    }

    private static ClaimRef claim(Json.Obj body) {
        return new ClaimRef(eventId(body.text("claim")), BoardLimits.token(body.integer("token")));
    }

    private static Optional<Written> written(Json.Obj body) {
        if (body.get("written").isEmpty()) return Optional.empty();
        var written = body.object("written");
        long ms = written.integer("ms");
        if (ms < 0) throw new MalformedPayload("it was written before 1970");
        return Optional.of(new Written(BoardLimits.node(written.text("node")), ms));
    }

    private static boolean listed(Json.Obj body) {
        var listed = body.get("listed").orElse(Json.NULL);
        if (listed.equals(Json.TRUE) || listed.equals(Json.FALSE)) return listed.equals(Json.TRUE);
        throw new MalformedPayload("a hub has a project or not: \"listed\" is true or false");
    }

    private static OptionalInt percent(Json.Obj body) {
        if (body.get("percent").isEmpty()) return OptionalInt.empty();
        long percent = body.integer("percent");
        if (percent < 0 || percent > 100) throw new MalformedPayload("a percentage is from 0 to 100");
        return OptionalInt.of((int) percent);
    }

    private static OptionalInt exitCode(Json.Obj body) {
        if (body.get("exit_code").isEmpty()) return OptionalInt.empty();
        long code = body.integer("exit_code");
        if (code < Integer.MIN_VALUE || code > Integer.MAX_VALUE) throw new MalformedPayload("an exit code has 32 bits");
        return OptionalInt.of((int) code);
    }

    private static Optional<String> note(Json.Obj body) {
        return text(body, "note").map(text -> BoardLimits.text("note", text, BoardLimits.NOTE_MAX));
    }

    private static Optional<String> text(Json.Obj body, String name) {
        return body.get(name).map(Json::asText);
    }

    private static EventId eventId(String hex) {
        try {
            return new EventId(hex);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(e.getMessage());
        }
    }

    /// The changes of fields that an event makes.
    static List<Change> changes(Event event, BoardChange change, boolean counts, long offset) {
        var stamp = Stamp.of(event);
        var changes = new ArrayList<Change>();
        switch (change) {
            case Created(var task, var fields, _, _) -> {
                changes.add(new Change(task, Field.LIFE, stamp, Change.Kind.CREATED, counts, Optional.empty(), null, bases(event, Field.LIFE), true, offset));
                fields.forEach((field, value) -> changes.add(new Change(task, field, stamp, Change.Kind.CREATED, counts, Optional.empty(), brief(field, value), bases(event, field), false, offset)));
            }
            case Updated(var task, var fields) -> fields.forEach((field, value) -> changes.add(new Change(task, field, stamp, Change.Kind.SET, counts, Optional.empty(),
                brief(field, value), bases(event, field), field == fields.firstKey(), offset)));
            case Deleted(var task) -> {
                for (var field : Field.values())
                    changes.add(new Change(task, field, stamp, Change.Kind.DELETED, counts, Optional.empty(), null, bases(event, field), field == Field.LIFE, offset));
            }
            case Restored(var task) -> changes.add(new Change(task, Field.LIFE, stamp, Change.Kind.RESTORED, counts, Optional.empty(), null, bases(event, Field.LIFE), true, offset));
            case Claimed claimed -> changes.add(status(event, claimed.task(), new ClaimRef(event.id(), claimed.token()), TaskStatus.INPROGRESS, counts, offset));
            case Progressed progressed -> progressed.status().ifPresent(to -> changes.add(status(event, progressed.task(), progressed.claim(), to, counts, offset)));
            case Finished finished -> changes.add(status(event, finished.task(), finished.claim(), finished.status(), counts, offset));
            case Renewed _, Released _, Logged _, Linked _, Unlinked _, Closed _, AtHub _, SequencerNamed _, Sequenced _ -> { }
        }
        return changes;
    }

    /// Whether an event changes a field of a task: then it has a place in the order that a sequencer gives.
    static boolean isSequenced(Event event) {
        try {
            var change = read(event);
            return change.isPresent() && !changes(event, change.get(), true, 0).isEmpty();
        } catch (MalformedPayload _) {
            return false;
        }
    }

    private static Change status(Event event, String task, ClaimRef claim, TaskStatus to, boolean counts, long offset) {
        return new Change(task, Field.STATUS, Stamp.of(event), Change.Kind.SET, counts, Optional.of(claim), to.wire(), bases(event, Field.STATUS), true, offset);
    }

    private static String brief(Field field, Json value) {
        return switch (field) {
            case STATUS -> value.asText();
            case ASSIGNED_NODE -> value instanceof Json.Null ? "" : value.asText();
            default -> null;
        };
    }

    /// What an event sets a field to.
    static Json value(BoardChange change, Field field) {
        return switch (change) {
            case Created created -> created.fields().get(field);
            case Updated updated -> updated.fields().get(field);
            case Claimed _ -> Json.of(TaskStatus.INPROGRESS.wire());
            case Progressed progressed -> Json.of(progressed.status().orElseThrow().wire());
            case Finished finished -> Json.of(finished.status().wire());
            default -> throw new IllegalStateException("it sets no field: " + change);
        };
    }
}
