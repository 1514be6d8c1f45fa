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
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.board.Boards.Board;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.Project;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
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
    static final int LINE_BYTES_MAX = 256 * 1024;
    private static final int DRAFTS_MAX = 200;
    private static final int DRAFT_BYTES_MAX = 512 * 1024;
    private static final int EVENT_BYTES_MAX = 60 * 1024;
    private static final int REASONS_MAX = 20;
    /// Words of other trackers; what is in neither list is kept as a label, and the task is to do.
    private static final Map<String, TaskStatus> STATUSES = Map.of("open", TaskStatus.TODO, "in_progress", TaskStatus.INPROGRESS, "in_review", TaskStatus.INREVIEW, "closed", TaskStatus.DONE,
        "canceled", TaskStatus.CANCELLED);

    /// Told now and then how many bytes of how many were read.
    public interface Progress {
        void at(long done, long total);
    }

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
    private final List<String> reasons = new ArrayList<>();
    private long draftBytes;
    private long tasks;
    private long known;
    private long refused;

    public BoardImport(Boards boards, Project project) {
        this.boards = boards;
        this.project = project;
        this.board = boards.board(project);
    }

    public Report load(Path file, Progress progress) {
        if (board.space().role().filter(Role::mayWrite).isEmpty()) throw new Problem(ErrorCode.NOT_ALLOWED, "This node may read the board and not write to it.", "Ask its owner for a ticket of a writer.");
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long total = Files.size(file);
            long done = 0;
            long number = 0;
            for (var line = line(in); line != null; line = line(in)) {
                number++;
                done += line.length + 1;
                if (new String(line, StandardCharsets.UTF_8).isBlank()) continue;
                try {
                    if (line.length > LINE_BYTES_MAX) throw new MalformedPayload("it has more than " + LINE_BYTES_MAX / 1024 + " KiB");
                    take(StrictJson.object(line, LINE_BYTES_MAX));
                } catch (MalformedPayload | IllegalArgumentException | DateTimeException e) {
                    refused++;
                    if (reasons.size() < REASONS_MAX) reasons.add("Line " + number + ": " + e.getMessage() + ".");
                }
                if (number % DRAFTS_MAX == 0) progress.at(Math.min(done, total), total);
            }
            flush();
        } catch (IOException e) {
            throw new Problem(ErrorCode.FILE_UNUSABLE, file + " cannot be read: " + e.getMessage() + ".", "Name a file of JSON lines that the node may read.", e);
        }
        return new Report(tasks, known, refused, reasons);
    }

    /// A line's bytes; of one that is too long only the beginning, so that it can be refused.
    private static byte[] line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean any = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            any = true;
            if (b == '\n') return bytes.toByteArray();
            if (bytes.size() <= LINE_BYTES_MAX) bytes.write(b);
        }
        return any ? bytes.toByteArray() : null;
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
        if (Canonical.bytes(created.body()).length > EVENT_BYTES_MAX) throw new MalformedPayload("it does not fit one event of 64 KiB");
        add(created);
        text(line, "close_reason").ifPresent(reason -> add(BoardCodec.draft(new BoardChange.Logged(id, Optional.of(Uuids.named("closed", id)), lines(reason), Optional.empty(),
            text(line, "closed_at").map(at -> new BoardChange.Written(boards.self(), ms(at)))), new TreeMap<>())));
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
