package dev.waggle.node.board;

import dev.waggle.apps.board.Sequencing;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.SpaceRuntime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Gives changes their place in the order on the boards whose owner named this node for it ([Sequencing]). Looks four times a second, so whatever arrived in between is stamped by
/// one event, and a board on which nothing happened costs a comparison. How far it came is a mark of the log, written with the stamps and only if it is what was seen: of several
/// processes of a hub one stamps, and a node that was killed goes on where it was.
final class Sequencer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.board");
    private static final String MARK = "sequenced";
    private static final long EVERY_MS = 250;
    /// So much of a log that needed nothing is not looked through again after a restart.
    private static final long KEPT_ENTRIES = 10_000;

    /// How far a log was looked through.
    ///
    /// @param upTo    there was nothing more at this offset
    /// @param durable the mark then
    /// @param at      up to where nothing is left to stamp; beyond the durable mark when what came meanwhile needed nothing
    private record Seen(long upTo, Optional<byte[]> durable, Optional<Sequencing.Mark> at) {}

    private final Boards boards;
    private final Map<SpaceId, Seen> seen = new HashMap<>();
    private final Watch watch = new Watch("board-sequencer");

    Sequencer(Boards boards) {
        this.boards = boards;
    }

    void start() {
        watch.every(EVERY_MS, this::look);
    }

    private void look() {
        var spaces = boards.node().spaces();
        if (seen.size() > spaces.size()) seen.keySet().retainAll(spaces.stream().map(SpaceRuntime::id).collect(Collectors.toSet()));
        for (var space : spaces) {
            try {
                look(space);
            } catch (LogUnavailable | WriteRefused e) {
                LOG.log(System.Logger.Level.DEBUG, "space=" + space.id().brief() + " is stamped later: " + e.getMessage());
            } catch (RuntimeException e) {                                // whatever it is: the others go on, and this one is looked at again
                LOG.log(System.Logger.Level.WARNING, "space=" + space.id().brief() + " is not stamped now: " + e);
            }
        }
    }

    private void look(SpaceRuntime space) {
        long last = space.log().state().lastOffset();
        var before = seen.get(space.id());
        if (before != null && before.upTo() == last) return;
        var board = Boards.open(space);
        if (board.isEmpty() || space.role().filter(Role::mayWrite).isEmpty()) return;
        if (space.view().filter(view -> view.status().folded() >= last).isEmpty()) return;          // the rows have to know which stamps there are
        stamp(board.get(), last, before);
    }

    private void stamp(Boards.Board board, long last, Seen before) {
        var log = board.space().log();
        var durable = log.mark(MARK);
        var at = before != null && same(before.durable(), durable) ? before.at() : durable.flatMap(Sequencing.Mark::of);
        for (;;) {
            var step = board.queries().sequencing(log, boards.self(), at);
            if (step.isEmpty()) {
                seen.put(board.space().id(), new Seen(last, durable, at));
                return;
            }
            var to = step.get().mark();
            boolean keeps = !step.get().drafts().isEmpty() || to.offset() - durable.flatMap(Sequencing.Mark::of).map(Sequencing.Mark::offset).orElse(0L) > KEPT_ENTRIES;
            if (keeps) {
                if (log.writeIf(MARK, durable, board.space().author(), step.get().drafts(), Map.of(MARK, to.bytes()), boards.nowMs()).isEmpty()) return;         // another process was here
                durable = Optional.of(to.bytes());
            }
            at = Optional.of(to);
            if (step.get().more()) continue;
            seen.put(board.space().id(), new Seen(last, durable, at));
            return;
        }
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
        return one.isPresent() ? other.isPresent() && Arrays.equals(one.get(), other.get()) : other.isEmpty();
    }

    @Override public void close() {
        watch.close();
    }
}
