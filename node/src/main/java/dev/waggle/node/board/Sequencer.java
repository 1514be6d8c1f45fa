package dev.waggle.node.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Sequencing;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.account.Swarms.Listing;
import dev.waggle.node.problem.Problem;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Gives changes their place in the order on the boards whose owner named this node for it ([Sequencing]). Told when a log got something; rests after each look, so whatever arrives
/// meanwhile is stamped by one event, and costs nothing while nothing happens. How far it came is a mark of the log, written with the stamps and only if it is what was seen: of several
/// processes of a hub one stamps, and a node that was killed goes on where it was.
///
/// A hub that took a project off its list says so on the board first: it sequences it no more. That follows from the list, so a hub that was killed in between says it when it is back.
final class Sequencer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.board");
    private static final String MARK = "sequenced";
    private static final long REST_MS = 250;
    private static final int END_S = 5;
    /// So much of a log that needed nothing is not looked through again after a restart.
    private static final long KEPT_ENTRIES = 10_000;

    /// How far a log was looked through.
    ///
    /// @param upTo    there was nothing more at this offset
    /// @param durable the mark then
    /// @param at      up to where nothing is left to stamp; beyond the durable mark when what came meanwhile needed nothing
    private record Seen(long upTo, Optional<byte[]> durable, Optional<Sequencing.Mark> at) {}

    private final Boards boards;
    private final Function<SpaceId, Optional<Listing>> listing;
    private final Map<SpaceId, Seen> seen = new HashMap<>();             // these three are touched by `thread` only
    private final Map<SpaceId, Listing> said = new HashMap<>();          // what the board was told, or needed no word for
    private final Map<SpaceId, String> trouble = new HashMap<>();        // why a board is not stamped, as it was told last
    private final Set<SpaceId> changed = new LinkedHashSet<>();          // guarded by itself
    private final Thread thread = Thread.ofPlatform().name("board-sequencer").daemon().unstarted(this::run);

    Sequencer(Boards boards, Function<SpaceId, Optional<Listing>> listing) {
        this.boards = boards;
        this.listing = listing;
    }

    void start() {
        boards.node().onAppend(this::changed);
        boards.node().spaces().forEach(space -> changed(space.id()));
        thread.start();
    }

    /// There may be something to do in a space. Never waits.
    void changed(SpaceId space) {
        synchronized (changed) {
            changed.add(space);
            changed.notifyAll();
        }
    }

    private List<SpaceId> next() throws InterruptedException {
        synchronized (changed) {
            while (changed.isEmpty()) changed.wait();
            var next = List.copyOf(changed);
            changed.clear();
            return next;
        }
    }

    private void run() {
        try {
            for (;; TimeUnit.MILLISECONDS.sleep(REST_MS)) for (var space : next()) if (!look(space)) changed(space);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();                           // close() asked us to end
        }
    }

    /// @return false when it has to be looked at again although nothing more may come
    private boolean look(SpaceId id) {
        var space = boards.node().space(id);
        if (space.isEmpty()) {
            seen.remove(id);
            said.remove(id);
            trouble.remove(id);
            return true;
        }
        try {
            boolean done = look(space.get());
            trouble.remove(id);
            return done;
        } catch (LogUnavailable | WriteRefused | Problem e) {
            LOG.log(System.Logger.Level.DEBUG, "space=" + id.brief() + " is stamped later: " + e.getMessage());
        } catch (RuntimeException e) {                                    // whatever it is: the others go on, and this one is looked at again
            boolean told = e.toString().equals(trouble.put(id, e.toString()));        // it is looked at four times a second
            LOG.log(told ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, "space=" + id.brief() + " is not stamped now: " + e);
        }
        return false;
    }

    private boolean look(SpaceRuntime space) {
        if (space.type().filter(type -> !type.equals(BoardSpaceType.NAME)).isPresent()) return true;
        long last = space.log().state().lastOffset();
        if (last == 0 || space.role().filter(Role::mayWrite).isEmpty()) return true;               // looked at again when something comes
        var board = Boards.open(space);
        if (board.isEmpty() || space.view().filter(view -> view.status().folded() >= last).isEmpty()) return false;      // the rows have to know which stamps there are
        var listed = listing.apply(space.id());
        if (listed.isEmpty()) return false;
        if (said.get(space.id()) != listed.get()) {
            say(board.get(), listed.get());
            said.put(space.id(), listed.get());
        }
        var before = seen.get(space.id());
        return before != null && before.upTo() == last || stamp(board.get(), last, before);
    }

    /// Has the board say what the hub's list says.
    private void say(Boards.Board board, Listing listed) {
        if (listed == Listing.NONE || board.queries().isClosed()) return;
        boolean moderates = board.space().role().filter(Role::mayAddMembers).isPresent();
        switch (listed) {
            case LISTED -> {
                if (moderates && board.queries().isRemoved()) boards.act(board, new BoardCommand.AtHub(true));
            }
            case REMOVED -> {
                if (moderates) boards.act(board, new BoardCommand.AtHub(false));
                else resign(board);
            }
            case WITHDRAWN -> resign(board);
            case NONE -> { }
        }
    }

    private void resign(Boards.Board board) {
        if (board.queries().sequencer().filter(boards.self()::equals).isPresent()) boards.act(board, new BoardCommand.NameSequencer(Optional.empty()));
    }

    private boolean stamp(Boards.Board board, long last, Seen before) {
        var log = board.space().log();
        var durable = log.mark(MARK);
        var at = before != null && same(before.durable(), durable) ? before.at() : durable.flatMap(Sequencing.Mark::of);
        for (;;) {
            var step = board.queries().sequencing(log, boards.self(), at);
            if (step.isEmpty()) {
                seen.put(board.space().id(), new Seen(last, durable, at));
                return true;
            }
            var to = step.get().mark();
            boolean keeps = !step.get().drafts().isEmpty() || to.offset() - durable.flatMap(Sequencing.Mark::of).map(Sequencing.Mark::offset).orElse(0L) > KEPT_ENTRIES;
            if (keeps) {
                if (log.writeIf(MARK, durable, board.space().author(), step.get().drafts(), Map.of(MARK, to.bytes()), boards.nowMs()).isEmpty()) return false;         // another process was here
                durable = Optional.of(to.bytes());
            }
            at = Optional.of(to);
            if (step.get().more()) continue;
            seen.put(board.space().id(), new Seen(last, durable, at));
            return true;
        }
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
        return one.isPresent() ? other.isPresent() && Arrays.equals(one.get(), other.get()) : other.isEmpty();
    }

    /// Lets what is being written finish, for a while.
    @Override public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_S));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
