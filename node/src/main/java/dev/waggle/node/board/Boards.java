package dev.waggle.node.board;

import dev.waggle.apps.board.Assignment;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.BoardLimits;
import dev.waggle.apps.board.BoardRules;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;
import dev.waggle.store.board.BoardQueries;
import dev.waggle.store.board.Participant;
import dev.waggle.store.board.Project;
import dev.waggle.store.board.ProjectStore;
import dev.waggle.store.capture.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The projects of this node and the boards that hold their tasks. A command is decided on what the board shows now, becomes events in its log, and is answered
/// when the view shows them.
///
/// A project's tasks are always in a space of the type `board`: a local project's has no other member. What people see are UUIDs of this node's own; a linked
/// project's tasks are called otherwise in the swarm ([ProjectStore#record]).
public final class Boards implements AutoCloseable {
    private static final long VIEW_MS_MAX = 10_000;
    private static final long PRESENCE_MS_MAX = 3_000;
    private static final int ID_BYTES = 16;
    private static final int NAME_MAX = 80;
    private static final int EVENT_BYTES_MAX = 60 * 1024;

    private final Node node;
    private final ProjectStore store;
    private volatile BoardOptions options;

    public Boards(Node node) {
        this.node = node;
        this.options = BoardOptions.read(node.settings().data());
        this.store = new ProjectStore(node.settings().data().resolve("board.sqlite"));
        for (var space : store.abandoned()) forget(space);
    }

    /// A board that is open here.
    public record Board(SpaceRuntime space, BoardQueries queries, Audience<News> audience) {}

    /// Whether a change fits one event, with what the log puts around it.
    static boolean fits(Draft draft) {
        return Canonical.bytes(draft.body()).length <= EVENT_BYTES_MAX;
    }

    public ProjectStore store() {
        return store;
    }

    public BoardOptions options() {
        return options;
    }

    /// Goes by other options from now on, but for the executor: what may be run is read at the start only.
    public void change(BoardOptions changed) {
        options = options.running(changed);
    }

    public NodeId self() {
        return node.id();
    }

    public Node node() {
        return node;
    }

    public long nowMs() {
        return node.nowMs();
    }

    // Boards

    /// The board of a space; empty when it is not open here, or no board.
    public Optional<Board> open(SpaceId id) {
        return node.space(id).flatMap(Boards::open);
    }

    static Optional<Board> open(SpaceRuntime space) {
        return space.view().map(view -> view instanceof BoardSpace board ? new Board(space, board.queries(), board.audience()) : null);
    }

    /// @throws Problem when the project's space is gone or not open yet
    public Board board(Project project) {
        return open(project.space()).orElseThrow(() -> node.space(project.space()).isPresent()
            ? new Problem(ErrorCode.NOT_READY, "The board of \"" + project.name() + "\" is still being opened.", "Ask again in a moment.")
            : new Problem(ErrorCode.NOT_FOUND, "The swarm project of \"" + project.name() + "\" is not on this node any more.", "Unlink the project: `waggle project unlink " + project.name() + "`."));
    }

    /// Swarm projects: boards that this node is a member of and that are no local project's own.
    public List<Board> swarm() {
        return node.spaces().stream().filter(space -> !store.isLocal(space.id())).flatMap(space -> open(space).stream()).toList();
    }

    /// @param asked a swarm project's UUID, the name or the id of its space, or the beginning of one
    public Board swarmProject(String asked) {
        var all = swarm();
        var named = all.stream().filter(board -> board.space().name().equals(asked) || Uuids.of(board.space().id().hex()).equals(asked)).findFirst();
        if (named.isPresent()) return named.get();
        var begun = all.stream().filter(board -> asked.length() >= 4 && board.space().id().hex().startsWith(asked)).toList();
        if (begun.size() == 1) return begun.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, "There is no swarm project with that name or id here.", "`waggle project list` names them; `waggle project join TICKET` joins one.");
    }

    /// Makes the space of a local project.
    Board newLocal(String name) {
        var space = node.create(name, BoardSpaceType.NAME);
        store.addLocal(space.id());
        return waitFor(space);
    }

    void forget(SpaceId id) {
        node.space(id).ifPresent(node::forget);
        store.forgotten(id);
    }

    /// The board of a space that was joined or made just now, with all that its log holds.
    Board waitFor(SpaceRuntime space) {
        if (space.type().filter(type -> !type.equals(BoardSpaceType.NAME)).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "\"" + space.name() + "\" is no project.", "Join it into a file or as a hive: `waggle join`, `waggle hive join`.");
        for (var until = System.nanoTime() + VIEW_MS_MAX * 1_000_000; System.nanoTime() < until; pause()) {
            var board = open(space);
            if (board.isEmpty()) continue;
            caughtUp(board.get());
            return board.get();
        }
        throw new Problem(ErrorCode.NOT_READY, space.trouble().isEmpty() ? "The board's view is still being opened." : space.trouble(), "Ask again in a moment.");
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    private static Problem stopping() {
        Thread.currentThread().interrupt();
        return new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.");
    }

    /// Waits until the board shows all that its log holds now, however long that takes, as long as it comes nearer.
    void caughtUp(Board board) {
        try {
            var view = board.space().view().orElseThrow(Boards::stopping);
            if (!view.awaitAll(board.space().log().state().lastOffset(), VIEW_MS_MAX, Progress.NONE))
                throw new Problem(ErrorCode.NOT_READY, "The board does not follow its log: " + view.status().trouble() + ".", "Look again in a moment.");
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    /// Waits until the board shows what was written.
    void shown(Board board, long offset) {
        try {
            if (!board.space().view().orElseThrow(Boards::stopping).await(offset, VIEW_MS_MAX))
                throw new Problem(ErrorCode.NOT_READY, "It is written, and the board does not show it yet: it is behind its log.", "Look again in a moment; do not repeat it.");
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    /// @throws Problem when the command is refused
    public void act(Board board, BoardCommand command) {
        switch (board.queries().decide(command, new BoardRules.Who(node.id(), board.space().role(), nowMs()))) {
            case BoardRules.Decision.Accepted(var drafts) -> write(board, drafts);
            case BoardRules.Decision.Refused(var reason, var sentence) -> throw new Problem(switch (reason) {
                case NOT_FOUND -> ErrorCode.NOT_FOUND;
                case NOT_ALLOWED -> ErrorCode.NOT_ALLOWED;
                case BAD -> ErrorCode.BAD_REQUEST;
                case TAKEN -> ErrorCode.TAKEN;
                case CHANGED -> ErrorCode.CHANGED;
            }, sentence, "");
        }
    }

    /// Writes drafts in one transaction and waits until they are shown.
    void write(Board board, List<Draft> drafts) {
        if (drafts.isEmpty()) return;
        try {
            var written = board.space().log().write(board.space().author(), drafts, List.of(), Map.of(), nowMs());
            shown(board, written.getLast().offset());
        } catch (PayloadTooLarge e) {
            throw new Problem(ErrorCode.TOO_LARGE, "It does not fit one event of 64 KiB.", "Shorten it.", e);
        }
    }

    /// What this node says of itself to others on a board.
    BoardCommand.Link introduction() {
        return new BoardCommand.Link(options.nodeName().orElse(self().brief()), options.publicUrl(), options.executes());
    }

    /// Has a node say from now on in which order changes count: if this node is the owner's, who alone can name it.
    ///
    /// @param node empty for nobody
    public void sequence(Board board, Optional<NodeId> node) {
        if (board.space().role().equals(Optional.of(Role.OWNER)) && !board.queries().isClosed()) act(board, new BoardCommand.NameSequencer(node));
    }

    // Projects

    /// @param asked a name, an id or the beginning of one, or "-" for the only one
    public Project project(String asked) {
        var all = store.list();
        if (asked.equals("-") || asked.isEmpty()) {
            if (all.size() == 1) return all.getFirst();
            throw all.isEmpty() ? new Problem(ErrorCode.NOT_FOUND, "This node has no project yet.", "`waggle project add NAME` makes one.")
                : new Problem(ErrorCode.BAD_REQUEST, "This node has " + all.size() + " projects.", "Say which one: `waggle project list` names them.");
        }
        var named = all.stream().filter(project -> project.name().equals(asked) || project.id().equals(asked)).findFirst();
        if (named.isPresent()) return named.get();
        var begun = all.stream().filter(project -> asked.length() >= 4 && project.id().startsWith(asked)).toList();
        if (begun.size() == 1) return begun.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, "Project not found: there is none with that name or id here.", "Refresh the list: `waggle project list`.");
    }

    /// A new local project.
    public Project add(String name) {
        requireFree(name);
        var board = newLocal(name);
        var project = fresh(name, board, Optional.empty());
        store.add(project);
        return project;
    }

    Project fresh(String name, Board board, Optional<String> remote) {
        return new Project(freshId(), name, board.space().id(), nowMs(), remote, remote.isPresent() ? nowMs() : 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    void requireFree(String name) {
        if (name.isBlank() || name.length() > NAME_MAX) throw new Problem(ErrorCode.BAD_REQUEST, "A project's name has 1 to " + NAME_MAX + " characters.", "Choose another one.");
        if (store.byName(name).isPresent()) throw new Problem(ErrorCode.BAD_REQUEST, "There is a project with that name already.", "Choose another name.");
    }

    /// Takes a project off this node. What is in a swarm project stays there.
    public void remove(Project project) {
        store.remove(project.id());
        store.abandoned().forEach(this::forget);
    }

    public String freshId() {
        return Uuids.from(node.random(ID_BYTES));
    }

    // Tasks

    /// @param record what the task is called in the project's space
    public record Found(Project project, Board board, TaskRow task, String id) {
        public String record() {
            return task.id();
        }
    }

    /// @param asked a task's id here or what another tracker calls it, or the beginning of an id
    public Found task(String asked) {
        for (var project : store.list()) {
            var board = open(project.space());
            if (board.isEmpty()) continue;
            var task = BoardLimits.isUuid(asked) ? board.get().queries().task(store.record(project.id(), asked)) : board.get().queries().byExternalId(asked);
            if (task.isPresent()) return new Found(project, board.get(), task.get(), store.visible(project.id(), task.get().id()));
        }
        throw new Problem(ErrorCode.NOT_FOUND, "There is no such task here.", "`waggle task list` names them.");
    }

    /// The node with a name, or with an id that begins so, of those that take part; `me` is this one; `auto` the one that is here and has least to do.
    public NodeId chosen(Board board, String asked) {
        if (asked.equals("me")) return node.id();
        if (asked.equals("auto")) return least(board);
        var all = board.queries().participants(nowMs());
        var found = all.stream().filter(each -> each.name().equals(asked) || asked.length() >= 4 && (each.node().hex().startsWith(asked) || Uuids.of(each.node().hex()).equals(asked)))
            .map(Participant::node).toList();
        if (found.size() == 1) return found.getFirst();
        var members = board.space().log().state().members().keySet().stream().filter(id -> asked.length() >= 4 && id.hex().startsWith(asked)).toList();
        if (members.size() == 1) return members.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "No node of that name takes part in the project." : "More than one node is called that.", "`waggle project show` names them.");
    }

    private NodeId least(Board board) {
        node.peers().presence().refreshNow(board.space().id(), PRESENCE_MS_MAX);
        var members = board.space().log().state().members();
        var all = new ArrayList<Assignment.Candidate>();
        for (var each : board.queries().participants(nowMs()))
            all.add(new Assignment.Candidate(each.node(), Optional.ofNullable(members.get(each.node())).filter(Role::mayWrite).isPresent(), each.executes(),
                Standing.of(node, board.space().id(), each.node()) == Standing.ONLINE, each.held() + each.waiting()));
        if (store.isLocal(board.space().id()) && options.executes()) return node.id();           // nobody else could
        return Assignment.choose(all).orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "No node that carries tasks out is here now.", "Enable the executor on one, or name a node."));
    }

    @Override public void close() {
        store.close();
    }
}
