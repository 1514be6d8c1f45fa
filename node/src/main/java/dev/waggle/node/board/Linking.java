package dev.waggle.node.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCodec;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Role;
import dev.waggle.node.board.Boards.Board;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.BoardQueries;
import dev.waggle.store.board.Project;
import dev.waggle.store.capture.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Ties projects to swarm projects, and takes them off again. Tasks are written anew where they go; then one transaction switches the project over, so a
/// crash leaves it as it was or as it will be, and repeating what was stopped makes nothing twice: what a task is called there follows from where it was.
public final class Linking {
    private static final int PAGE = 100;
    private static final int DRAFT_BYTES_MAX = 512 * 1024;

    private final Boards boards;
    private final Work work;

    /// What this node does in projects by itself.
    public interface Work {
        /// Ends it in a project, gives back what was claimed, and begins nothing new.
        void stop(Project project);

        /// It may begin again.
        void goOn(Project project);
    }

    public Linking(Boards boards, Work work) {
        this.boards = boards;
        this.work = work;
    }

    /// Joins a swarm project with a ticket, and has a project here that is linked to it.
    ///
    /// @param name    what to call it here; empty for as there
    /// @param project a local project that is linked to it, instead of a new one
    public Project join(String ticket, Optional<String> name, Optional<Project> project, Progress progress) {
        name.ifPresent(boards::requireFree);
        var board = boards.waitFor(boards.node().join(ticket, name, progress));
        if (project.isPresent()) return link(project.get(), board);
        var linked = boards.store().list().stream().filter(known -> known.space().equals(board.space().id())).findFirst();
        return linked.orElseGet(() -> adopt(board, name.orElse(board.space().name())));
    }

    /// A project here, without tasks of its own, for a swarm project.
    public Project adopt(Board swarm, String name) {
        requireUsable(swarm);
        boards.requireFree(name);
        requireUnlinked(swarm);
        var project = boards.fresh(name, swarm, Optional.of(remoteId(swarm)));
        boards.store().add(project);
        announce(swarm);
        return project;
    }

    private void requireUnlinked(Board swarm) {
        boards.store().list().stream().filter(known -> known.space().equals(swarm.space().id())).findFirst().ifPresent(known -> {
            throw new Problem(ErrorCode.BAD_REQUEST, "The project \"" + known.name() + "\" of this node is linked to that swarm project.", "A swarm project is linked to one project of a node.");
        });
    }

    /// Makes a local project a swarm project: others join it with tickets for its space.
    public Project share(Project project) {
        requireLocal(project);
        var board = boards.board(project);
        for (var after = "";;) {
            var page = board.queries().everything(after, PAGE);
            boards.store().stage(project.id(), page.stream().map(task -> new String[] {task.id(), task.id()}).toList());
            if (page.size() < PAGE) break;
            after = page.getLast().id();
        }
        boards.store().link(project.id(), project.space(), remoteId(board), boards.nowMs());
        announce(board);
        return boards.project(project.id());
    }

    /// Links a local project to a swarm project of this node: its tasks are written anew there, beside those that are there.
    public Project link(Project project, Board swarm) {
        requireLocal(project);
        requireUsable(swarm);
        requireUnlinked(swarm);
        var local = boards.board(project);
        work.stop(project);
        try {
            boards.caughtUp(swarm);
            new Writing(local, swarm, task -> sharedId(local, swarm, task)).tasks(true, pairs -> boards.store().stage(project.id(), pairs));
            boards.store().link(project.id(), swarm.space().id(), remoteId(swarm), boards.nowMs());
        } finally {
            work.goOn(project);
        }
        boards.store().forgotten(local.space().id());
        boards.node().forget(local.space());
        announce(swarm);
        return boards.project(project.id());
    }

    /// Takes a project off its swarm project: its tasks stay, as a local project's.
    ///
    /// @param notify tells the others, in the swarm project's space
    public Project unlink(Project project, boolean notify) {
        boolean local = !project.isLinked() && boards.store().isLocal(project.space());      // not so when another program cleared the row alone
        if (local && boards.store().orphans(project.id(), false) == 0)
            throw new Problem(ErrorCode.BAD_REQUEST, "The project \"" + project.name() + "\" is not linked to a swarm project.", "There is nothing to unlink.");
        if (local) {
            boards.store().unlink(project.id(), project.space());         // its tasks are local, what they were called in a swarm is left over
            return boards.project(project.id());
        }
        var swarm = boards.open(project.space());
        work.stop(project);
        var own = boards.newLocal(project.name());
        boolean done = false;
        try {
            try (var left = swarm.isPresent() ? null : new BoardQueries(boards.node().folder(project.space()).resolve("view-" + BoardSpaceType.NAME + ".sqlite"))) {
                new Writing(project.space().hex(), swarm.map(Board::queries).orElse(left), swarm, own, task -> boards.store().visible(project.id(), task.id())).tasks(false, _ -> { });
            }
            boards.store().unlink(project.id(), own.space().id());
            done = true;
        } finally {
            if (!done) boards.forget(own.space().id());
            work.goOn(project);
        }
        if (notify) swarm.ifPresent(this::sayGoodbye);
        return boards.project(project.id());
    }

    private void sayGoodbye(Board swarm) {
        try {
            boards.act(swarm, new BoardCommand.Unlink());
        } catch (Problem no) {
            if (no.code() != ErrorCode.NOT_ALLOWED) throw no;             // it is closed, or this node is no member: nobody waits for a word
        }
    }

    private void announce(Board swarm) {
        boards.act(swarm, boards.introduction());
    }

    private static String remoteId(Board swarm) {
        return Uuids.of(swarm.space().id().hex());
    }

    private static void requireLocal(Project project) {
        if (project.isLinked()) throw new Problem(ErrorCode.BAD_REQUEST, "The project \"" + project.name() + "\" is linked to a swarm project already.", "Unlink it first.");
    }

    private static void requireUsable(Board swarm) {
        if (swarm.space().role().filter(Role::mayWrite).isEmpty())
            throw new Problem(ErrorCode.NOT_ALLOWED, "This node may not write to \"" + swarm.space().name() + "\".", "Ask its owner for a ticket of a writer.");
        if (swarm.queries().isClosed()) throw new Problem(ErrorCode.NOT_ALLOWED, "The owner closed the swarm project \"" + swarm.space().name() + "\".", "Link to another one.");
    }

    /// What a task is called in a swarm: what it was called there before, or what follows from where it is. Always the same.
    private String sharedId(Board local, Board swarm, TaskRow task) {
        var from = copied(local, local.queries().versions(task.id()));
        return from.filter(copy -> copy.space().equals(swarm.space().id().hex())).map(BoardChange.Copied::task).orElseGet(() -> Uuids.named("shared task", local.space().id().hex(), task.id()));
    }

    private static Optional<BoardChange.Copied> copied(Board board, BoardQueries.Versions versions) {
        return board.space().log().atOffset(versions.createdAt()).flatMap(entry -> BoardCodec.read(((Entry.Admitted) entry).event()))
            .flatMap(change -> ((BoardChange.Created) change).copied());
    }

    /// Writes the tasks of one board to another one.
    private final class Writing {
        private final String from;
        private final BoardQueries reading;
        private final Optional<Board> source;
        private final Board to;
        private final java.util.function.Function<TaskRow, String> naming;
        private final List<Draft> drafts = new ArrayList<>();
        private long bytes;

        Writing(Board from, Board to, java.util.function.Function<TaskRow, String> naming) {
            this(from.space().id().hex(), from.queries(), Optional.of(from), to, naming);
        }

        Writing(String from, BoardQueries reading, Optional<Board> source, Board to, java.util.function.Function<TaskRow, String> naming) {
            this.from = from;
            this.reading = reading;
            this.source = source;
            this.to = to;
            this.naming = naming;
        }

        /// @param merging tasks may be there already: then what was changed here is written as edits
        /// @param named   told what each task is called there, before it is written
        void tasks(boolean merging, Consumer<List<String[]>> named) {
            for (var after = "";;) {
                var page = reading.everything(after, PAGE);
                var live = page.stream().filter(task -> !task.deleted()).toList();
                named.accept(live.stream().map(task -> new String[] {task.id(), naming.apply(task)}).toList());
                for (var task : live) task(task, merging);
                if (page.size() < PAGE) break;
                after = page.getLast().id();
            }
            flush();
        }

        private void task(TaskRow task, boolean merging) {
            var there = naming.apply(task);
            var known = merging ? to.queries().task(there) : Optional.<TaskRow>empty();
            var versions = reading.versions(task.id());
            var fields = fields(task, id -> reading.task(id).map(naming).orElse(id));
            if (known.isEmpty()) {
                var live = new TreeMap<>(versions.live());
                live.keySet().retainAll(fields.keySet());
                created(there, fields, task.createdMs(), new BoardChange.Copied(from, task.id(), live));
            } else {
                var copy = source.flatMap(board -> copied(board, versions)).filter(from -> from.task().equals(there));
                if (copy.isPresent()) edits(known.get(), fields, versions, copy.get());
            }
            lines(task, there);
        }

        /// What was written in several steps need not fit one: then the description, the only long field, follows.
        private void created(String there, SortedMap<Field, Json> fields, long createdMs, BoardChange.Copied copied) {
            var whole = BoardCodec.draft(new BoardChange.Created(there, fields, OptionalLong.of(createdMs), Optional.of(copied)), new TreeMap<>());
            if (Boards.fits(whole)) {
                add(whole);
                return;
            }
            var first = new TreeMap<>(fields);
            var description = new TreeMap<>(java.util.Map.of(Field.DESCRIPTION, first.remove(Field.DESCRIPTION)));
            add(BoardCodec.draft(new BoardChange.Created(there, first, OptionalLong.of(createdMs), Optional.of(copied)), new TreeMap<>()));
            add(BoardCodec.draft(new BoardChange.Updated(there, description), new TreeMap<>()));
        }

        /// What was changed here since the task was written anew, on top of what it was then: so what others changed meanwhile is a conflict and not lost.
        private void edits(TaskRow known, SortedMap<Field, Json> fields, BoardQueries.Versions versions, BoardChange.Copied copy) {
            var shown = fields(known, UnaryOperator.identity());
            for (var field : versions.edited()) {
                if (field == Field.LIFE || field == Field.EXTERNAL_ID || fields.get(field).equals(shown.get(field))) continue;
                var bases = new TreeMap<Field, List<EventId>>();
                var seen = copy.versions().getOrDefault(field, List.of());
                bases.put(field, field == Field.STATUS && !isAllowed(known.id(), seen, fields.get(field)) ? List.of() : seen);
                add(BoardCodec.draft(new BoardChange.Updated(known.id(), new TreeMap<>(java.util.Map.of(field, fields.get(field)))), bases));
            }
        }

        /// Several steps here may be none that the state machine knows there as one: then it is a change beside the others.
        private boolean isAllowed(String there, List<EventId> seen, Json status) {
            var wanted = TaskStatus.of(status.asText());
            return to.queries().ask(rows -> seen.stream().anyMatch(id -> rows.statusOf(there, id).filter(was -> was.mayBecome(wanted)).isPresent()));
        }

        private void lines(TaskRow task, String there) {
            for (var after = Optional.<Stamp>empty();;) {
                var page = reading.log(task.id(), after, PAGE);
                for (var shown : page) {
                    var entry = shown.entry();
                    if (shown.refused()) continue;
                    var id = entry.logId().orElseGet(() -> Uuids.named("log", entry.stamp().id().hex()));
                    var by = entry.written().orElse(new BoardChange.Written(entry.stamp().origin(), entry.stamp().ts().wallMs()));
                    if (to.queries().hasLog(there, id)) continue;
                    logged(there, id, entry.lines(), by);
                }
                if (page.size() < PAGE) return;
                after = Optional.of(page.getLast().entry().stamp());
            }
        }

        /// With its id and its author an entry may be longer than it was.
        private void logged(String there, String id, List<String> lines, BoardChange.Written by) {
            var whole = BoardCodec.draft(new BoardChange.Logged(there, Optional.of(id), lines, Optional.empty(), Optional.of(by)), new TreeMap<>());
            if (Boards.fits(whole) || lines.size() < 2) {
                add(whole);
                return;
            }
            logged(there, Uuids.named("the beginning of a log", id), lines.subList(0, lines.size() / 2), by);
            logged(there, id, lines.subList(lines.size() / 2, lines.size()), by);
        }

        private void add(Draft draft) {
            drafts.add(draft);
            bytes += Canonical.bytes(draft.body()).length;
            if (drafts.size() >= PAGE || bytes >= DRAFT_BYTES_MAX) flush();
        }

        private void flush() {
            boards.write(to, List.copyOf(drafts));
            drafts.clear();
            bytes = 0;
        }
    }

    private static SortedMap<Field, Json> fields(TaskRow task, UnaryOperator<String> naming) {
        var fields = new TreeMap<Field, Json>();
        fields.put(Field.TITLE, Json.of(task.title()));
        fields.put(Field.DESCRIPTION, Json.of(task.description()));
        fields.put(Field.STATUS, Json.of(task.status().wire()));
        fields.put(Field.PRIORITY, Json.of((long) task.priority()));
        fields.put(Field.LABELS, texts(task.labels()));
        fields.put(Field.DEPENDS_ON, texts(task.dependsOn().stream().map(naming).toList()));
        fields.put(Field.ASSIGNEE, task.assignee().map(Json::of).orElse(Json.NULL));
        fields.put(Field.ASSIGNED_NODE, AssignedTo.json(task.assigned()));
        task.externalId().ifPresent(id -> fields.put(Field.EXTERNAL_ID, Json.of(id)));
        return fields;
    }

    private static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }
}
