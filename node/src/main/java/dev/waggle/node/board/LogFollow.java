package dev.waggle.node.board;

import dev.waggle.apps.board.News;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.EventId;
import dev.waggle.node.Peers;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;
import dev.waggle.store.board.BoardQueries;
import dev.waggle.store.board.Participant;
import dev.waggle.store.board.ShownLog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The log of one task for somebody who looks on: what is in this node's log, in the order in which it came, and, while another node carries the task out that
/// is not connected to this one, what that node says directly. Every line comes once, by whichever way it came first. One thread, but for [#end].
public final class LogFollow implements AutoCloseable {
    private static final int PAGE = 100;
    /// Lines that came directly and are not in the log yet; when there are more, no more are read until they came.
    private static final int AHEAD_MAX = 4_096;
    private static final long DIRECT_LOOK_MS = 100;

    private final Boards boards;
    private final Boards.Found found;
    private final Audience.Seat<News> seat;
    private final Set<EventId> ahead = new HashSet<>();
    private Optional<DirectReader> direct = Optional.empty();
    private long offset;

    /// What somebody who looks on hears.
    public sealed interface Heard {
        record Synced(ShownLog log) implements Heard {}

        /// @param token of the claim
        record Direct(Stamp stamp, List<String> lines, java.util.OptionalLong token) implements Heard {}

        /// Nobody works on the task any more, and everything that this node knows of it was told; or its project is linked otherwise now.
        record Over() implements Heard {}
    }

    /// @throws Problem when too many look on
    public LogFollow(Boards boards, Boards.Found found) {
        this.boards = boards;
        this.found = found;
        this.seat = found.board().audience().seat().orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later, or ask for the log."));
    }

    /// What is new; waits for it.
    ///
    /// @return empty when there was nothing in time
    public List<Heard> next(long msMax) throws InterruptedException {
        for (long until = System.nanoTime() + msMax * 1_000_000;;) {
            var row = queries().task(found.record());                      // before the lines: what it ended with is among them
            var heard = new ArrayList<Heard>();
            synced(heard);
            if (row.isPresent() && row.get().claim().isPresent()) watch(row.get());
            else unwatch();
            direct(heard);
            boolean same = boards.store().byId(found.project().id()).filter(now -> now.space().equals(found.project().space())).isPresent();
            if (heard.isEmpty() && (!same || row.map(LogFollow::isOver).orElse(true))) heard.add(new Heard.Over());
            long leftMs = (until - System.nanoTime()) / 1_000_000;
            if (!heard.isEmpty() || leftMs <= 0) return heard;
            if (seat.next(direct.isPresent() ? Math.min(DIRECT_LOOK_MS, leftMs) : leftMs).isEmpty()) return List.of(new Heard.Over());
        }
    }

    private static boolean isOver(TaskRow task) {
        return task.deleted() || task.status().ended() || task.status() == TaskStatus.INREVIEW && task.claim().isEmpty();
    }

    private BoardQueries queries() {
        return found.board().queries();
    }

    private void synced(List<Heard> heard) {
        var page = queries().logAsItCame(found.record(), offset, PAGE);
        for (var shown : page) {
            offset = shown.entry().offset();
            if (!ahead.remove(shown.entry().stamp().id())) heard.add(new Heard.Synced(shown));
        }
    }

    /// Reads from who carries it out, unless that is this node, or one whose lines come over a connection at once.
    private void watch(TaskRow task) {
        var holder = task.holder().orElseThrow();
        boolean near = holder.equals(boards.self()) || boards.node().peers().list().stream().anyMatch(peer -> peer.node().equals(holder) && peer.state() == Peers.State.CONNECTED);
        var url = near ? Optional.<String>empty() : queries().participants(boards.nowMs()).stream().filter(each -> each.node().equals(holder)).findFirst().flatMap(Participant::publicUrl);
        if (direct.filter(reader -> url.equals(Optional.of(reader.url())) && reader.from().equals(holder)).isPresent()) return;
        unwatch();
        direct = url.map(at -> new DirectReader(boards.node(), holder, at, found.board().space().id(), found.record(), queries().lastLogBy(holder, found.record())));
    }

    private void unwatch() {
        direct.ifPresent(DirectReader::close);
        direct = Optional.empty();
    }

    private void direct(List<Heard> heard) {
        if (direct.isEmpty() || ahead.size() >= AHEAD_MAX) return;
        for (var line : direct.get().take(1)) {
            if (ahead.contains(line.stamp().id()) || queries().hasLogOf(line.stamp(), found.record())) continue;
            ahead.add(line.stamp().id());
            heard.add(new Heard.Direct(line.stamp(), line.lines(), line.token()));
        }
    }

    /// Whoever waits hears that it is over. From any thread.
    public void end() {
        seat.close();
    }

    @Override public void close() {
        unwatch();
        seat.close();
    }
}
