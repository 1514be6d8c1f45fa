package dev.waggle.node.board;

import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCodec;
import dev.waggle.apps.board.BoardLimits;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import dev.waggle.node.board.Boards.Board;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.JsonLines;
import dev.waggle.store.board.Project;

import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Loads the tasks of another tracker: a file of JSON lines, in any order. What it called a task decides the task's id here, so the same file can be loaded
/// twice, and a load that was killed goes on: what is here already is passed over.
public final class BoardImport {
    private static final int DRAFTS_MAX = 200;
    private static final int DRAFT_BYTES_MAX = 512 * 1024;
    /// Words of other trackers; what is in neither list is kept as a label, and the task is to do.
    private static final Map<String, TaskStatus> STATUSES = Map.of("open", TaskStatus.TODO, "in_progress", TaskStatus.INPROGRESS, "in_review", TaskStatus.INREVIEW, "closed", TaskStatus.DONE,
        "canceled", TaskStatus.CANCELLED);

    /// @param known   were here already
    /// @param reasons why lines were refused, the first ones
    public record Report(long tasks, long known, long refused, List<String> reasons) {
        public Json.Obj json() {
            return Json.object("tasks", tasks, "known", known, "refused", refused, "reasons", Json.array(reasons.stream().map(Json::of).toList()));
        }
    }

    private final Boards boards;
    private final Project project;
    private final Board board;
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<String> inBatch = new HashSet<>();
    private final JsonLines lines = new JsonLines();
    private long draftBytes;
    private long tasks;
    private long known;

    public BoardImport(Boards boards, Project project) {
        this.boards = boards;
        this.project = project;
        this.board = boards.board(project);
    }

    public Report load(Path file, JsonLines.Progress progress) {
        if (board.space().role().filter(Role::mayWrite).isEmpty()) throw new Problem(ErrorCode.NOT_ALLOWED, "This node may read the board and not write to it.", "Ask its owner for a ticket of a writer.");
        lines.read(file, progress, this::take);
        flush();
        return new Report(tasks, known, lines.refused(), lines.reasons());
    }

    private void take(Json.Obj line) {
        var theirs = line.text("id");
        var id = id(theirs);
        if (inBatch.contains(id) || board.queries().task(id).isPresent()) {
            known++;
            return;
        }
        var fields = new TreeMap<Field, Json>();
        var labels = new LinkedHashSet<String>();
        fields.put(Field.TITLE, Json.of(line.text("title")));
        fields.put(Field.EXTERNAL_ID, Json.of(theirs));
        text(line, "description").ifPresent(text -> fields.put(Field.DESCRIPTION, Json.of(text)));
        text(line, "status").ifPresent(status -> fields.put(Field.STATUS, Json.of(status(status, labels).wire())));
        if (line.get("priority").isPresent()) fields.put(Field.PRIORITY, Json.of(Math.clamp(line.integer("priority"), 0, BoardLimits.PRIORITY_MAX)));
        text(line, "assignee").ifPresent(who -> fields.put(Field.ASSIGNEE, Json.of(who)));
        text(line, "issue_type").filter(type -> !type.equals("task")).ifPresent(labels::add);
        line.arrayOrEmpty("labels").forEach(label -> labels.add(label.asText()));
        if (!labels.isEmpty()) fields.put(Field.LABELS, Json.array(labels.stream().map(Json::of).toList()));
        var needs = line.arrayOrEmpty("depends_on").stream().map(needed -> id(needed.asText())).distinct().map(Json::of).toList();
        if (!needs.isEmpty()) fields.put(Field.DEPENDS_ON, Json.array(needs));
        var created = BoardCodec.draft(new BoardChange.Created(id, fields, text(line, "created_at").map(BoardImport::ms).map(OptionalLong::of).orElse(OptionalLong.empty()), Optional.empty()), new TreeMap<>());
        var closed = text(line, "close_reason").map(reason -> BoardCodec.draft(new BoardChange.Logged(id, Optional.of(Uuids.named("closed", id)), lines(reason), Optional.empty(),
            text(line, "closed_at").map(at -> new BoardChange.Written(boards.self(), ms(at)))), new TreeMap<>()));
        requireFits(created);
        closed.ifPresent(BoardImport::requireFits);
        add(created);
        closed.ifPresent(this::add);
        inBatch.add(id);
        tasks++;
        if (drafts.size() >= DRAFTS_MAX || draftBytes >= DRAFT_BYTES_MAX) flush();
    }

    private static TaskStatus status(String theirs, Set<String> labels) {
        var word = theirs.toLowerCase(Locale.ROOT);
        for (var status : TaskStatus.values()) if (status.wire().equals(word)) return status;
        var known = STATUSES.get(word);
        if (known == null) labels.add("status:" + theirs);
        return known == null ? TaskStatus.TODO : known;
    }

    private static List<String> lines(String text) {
        return text.lines().limit(BoardLimits.LINES_MAX).map(line -> line.codePointCount(0, line.length()) <= BoardLimits.LINE_MAX ? line : line.substring(0, line.offsetByCodePoints(0, BoardLimits.LINE_MAX))).toList();
    }

    private static long ms(String time) {
        return Math.max(0, OffsetDateTime.parse(time).toInstant().toEpochMilli());
    }

    private static void requireFits(Draft draft) {
        if (!Boards.fits(draft)) throw new MalformedPayload("it does not fit one event of 64 KiB");
    }

    private void add(Draft draft) {
        drafts.add(draft);
        draftBytes += Canonical.bytes(draft.body()).length;
    }

    private void flush() {
        boards.write(board, List.copyOf(drafts));
        drafts.clear();
        inBatch.clear();
        draftBytes = 0;
    }

    /// The id here of what another tracker calls `theirs`: the same every time, in this project.
    private String id(String theirs) {
        if (theirs.isBlank()) throw new MalformedPayload("an id is empty");
        return Uuids.named("imported task", project.id(), theirs);
    }

    private static Optional<String> text(Json.Obj line, String name) {
        return line.get(name).filter(value -> !(value instanceof Json.Null)).map(Json::asText).filter(text -> !text.isBlank());
    }
}
