package dev.waggle.node.check;

import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Node;
import dev.waggle.node.Plural;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.store.capture.FollowStatus;
import dev.waggle.store.sql.LogScrub;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Looks at everything a node stands on, from the disk up. Mends logs where it can; changes nothing else.
public final class Doctor {
    private static final long FREE_BYTES_MIN = 64L << 20;

    public enum Result { OK, NOTE, BAD }

    /// @param says one sentence; what to do when it is not ok
    public record Check(String what, Result result, String says) {}

    private Doctor() {}

    public static List<Check> examine(Node node, LogVerify.Progress progress) {
        var checks = new ArrayList<Check>();
        checks.add(disk(node));
        checks.add(node.isNewLife() && !node.spaces().isEmpty()
            ? new Check("lineage", Result.NOTE, "this start could not prove that it continues the one before (a backup, a copy, another machine); it writes under new epochs")
            : new Check("lineage", Result.OK, "this node continues where it stopped"));
        for (var space : node.spaces()) {
            checks.add(log(node, space, progress));
            checks.add(file(space));
        }
        node.damaged().forEach((space, why) -> checks.add(closed(node, space, why)));
        checks.add(peers(node));
        for (var reason : node.reasons()) checks.add(new Check("readiness", Result.BAD, reason));
        return checks;
    }

    private static Check disk(Node node) {
        try {
            var free = Files.getFileStore(node.settings().data()).getUsableSpace();
            var says = node.settings().data() + " has " + free / 1_000_000 + " MB left";
            return free >= FREE_BYTES_MIN ? new Check("disk", Result.OK, says) : new Check("disk", Result.BAD, says + "; make room, or writes will be refused");
        } catch (IOException e) {
            return new Check("disk", Result.BAD, "the data folder cannot be looked at: " + e.getMessage());
        }
    }

    private static Check log(Node node, SpaceRuntime space, LogVerify.Progress progress) {
        var what = "log of \"" + space.name() + "\"";
        var last = Math.max(1, space.log().state().lastOffset());
        var healed = heal(node, space.id(), looked -> progress.at(looked, 2 * last));
        if (!healed.isGood()) return rebuilt(node, space.id(), what, said(healed));
        var report = LogVerify.verify(space.log(), node.verifier(), (events, of) -> progress.at(of + events, 2 * of));
        if (!report.damages().isEmpty()) return new Check(what, Result.BAD, Plural.of(report.damages().size(), "damage") + "; the first: " + report.damages().getFirst());
        var forks = space.log().state().forks();
        var says = "good: " + Plural.of(report.events(), "event") + ", " + Plural.of(report.signatures(), "signature");
        if (healed.found() > 0) return new Check(what, Result.NOTE, said(healed) + "; now " + says);
        return forks == 0 ? new Check(what, Result.OK, says) : new Check(what, Result.NOTE, says + "; " + Plural.of(forks, "forked chain") + ": a node was copied, all its events count");
    }

    private static LogHealing.Report heal(Node node, SpaceId space, LongConsumer progress) {
        return LogHealing.heal(node.logs().place(space), space, node.verifier(), node.id(), node.peers().acknowledged(space), ids -> node.peers().fetch(space, ids), progress);
    }

    private static String said(LogHealing.Report healed) {
        var says = healed.found() + " damages found, " + healed.mended() + " mended";
        if (healed.lost() > 0) says += ", " + healed.lost() + " own events lost that no other node had";
        return healed.open().isEmpty() ? says : says + ": " + String.join("; ", healed.open());
    }

    /// A log that could not be opened, because a damaged event decides who may write, is mended and opened.
    private static Check closed(Node node, SpaceId space, String why) {
        var what = "log of space " + space.brief();
        var healed = heal(node, space, _ -> {});
        if (!healed.isGood()) return rebuilt(node, space, what, why + "; " + said(healed));
        node.reopen(space);
        return new Check(what, Result.NOTE, said(healed) + "; the space is open again");
    }

    /// What cannot be mended event by event is made anew from the events that are good; the peers have the others.
    private static Check rebuilt(Node node, SpaceId space, String what, String why) {
        var rebuilt = node.rebuild(space);
        var says = why + "; rebuilt from " + rebuilt.taken() + " good events, " + rebuilt.unread() + " could not be read; the damaged file is kept as "
            + rebuilt.damaged().getFileName();
        var now = LogScrub.scan(node.logs().place(space), space, node.verifier(), node.id(), node.peers().acknowledged(space), _ -> {});
        return new Check(what, now.clean() ? Result.NOTE : Result.BAD, says);
    }

    private static Check file(SpaceRuntime space) {
        var what = "file of \"" + space.name() + "\"";
        if (!space.trouble().isEmpty()) return new Check(what, Result.BAD, space.trouble());
        if (space.view().isPresent()) {
            var view = space.view().get().status();
            return new Check("view of \"" + space.name() + "\"", view.trouble().isEmpty() ? Result.OK : Result.BAD, view.trouble().isEmpty() ? "shows its log up to " + view.folded() : view.trouble());
        }
        if (space.follower().isEmpty()) return new Check(what, Result.OK, "no file follows this space here");
        var status = space.follower().get().status();
        if (status.state() == FollowStatus.State.FAILED) return new Check(what, Result.BAD, status.sentence());
        if (!status.refusedRows().isEmpty()) return new Check(what, Result.NOTE, "the file itself refused: " + String.join("; ", status.refusedRows()));
        return new Check(what, Result.OK, status.sentence());
    }

    private static Check peers(Node node) {
        var peers = node.peers().list();
        var connected = peers.stream().filter(peer -> peer.state() == dev.waggle.node.Peers.State.CONNECTED).count();
        var says = "connected to " + connected + " of " + Plural.of(peers.size(), "peer");
        return new Check("peers", peers.isEmpty() || connected > 0 ? Result.OK : Result.NOTE, says);
    }
}
