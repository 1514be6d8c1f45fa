package dev.waggle.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Adopt;
import dev.waggle.store.capture.EarlyView;
import dev.waggle.store.capture.FileRefused;
import dev.waggle.store.capture.JoinReport;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.capture.TableFollower;
import dev.waggle.store.capture.TrackReport;
import dev.waggle.store.node.SpaceRow;
import dev.waggle.sync.protocol.SyncStatus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Ties files to spaces: `track` makes a space from a file, `join` a file from a space. What was begun is written down first, so that a
/// node that was killed in between goes on at its next start.
final class Files {
    /// With nobody to ask for this long, a restored log is taken for all there is.
    private static final long ALONE_MS_MAX = 15_000;
    /// A peer whose log stays different does not keep a restored file waiting for longer.
    private static final long DIFFERENT_MS_MAX = 600_000;
    private static final String WAITS = "The log was lost or restored from a backup: the file follows when peers have sent what it lacks.";

    private final Node node;
    private final Set<SpaceId> waiting = ConcurrentHashMap.newKeySet();                     // files that follow when the peers were heard

    Files(Node node) {
        this.node = node;
    }

    Node.Tracked track(Path file, List<String> tables, Optional<String> name, Progress progress) {
        var begun = node.spaces().stream().filter(space -> space.file().equals(Optional.of(file))).findFirst();
        if (begun.isPresent() && begun.get().row().pending().isEmpty() && tables.isEmpty())
            throw new Problem(ErrorCode.ALREADY_TRACKED, file + " is tracked already, as \"" + begun.get().name() + "\".",
                "Name tables to track more of them, or `waggle untrack` it first.");
        var space = begun.isPresent() ? begun.get() : node.create(name.orElseGet(() -> baseName(file)), Node.TABLE_SPACE, Optional.of(file), Optional.of(pendingTrack(tables)));
        try {
            return new Node.Tracked(space, track(space, file, tables, progress));
        } catch (FileRefused refused) {
            if (begun.isEmpty()) node.forget(space);      // nothing was written to the file, and nobody has seen the space
            throw refused;
        }
    }

    private TrackReport track(SpaceRuntime space, Path file, List<String> tables, Progress progress) {
        var follower = space.follower().orElseGet(() -> open(space, file));
        TrackReport report;
        try {
            report = follower.track(tables, progress);
        } catch (RuntimeException e) {
            if (space.follower().isEmpty()) follower.close();
            throw e;
        }
        started(space, follower);
        return report;
    }

    /// @param adopt what to do with rows of the file that differ from the space's
    Node.Filled join(SpaceRuntime space, Path file, Adopt adopt, Progress progress) {
        var other = node.spaces().stream().filter(each -> !each.id().equals(space.id()) && each.file().equals(Optional.of(file))).findFirst();
        if (other.isPresent()) throw new Problem(ErrorCode.ALREADY_TRACKED, file + " belongs to the space \"" + other.get().name() + "\".",
            "Choose another file, or `waggle untrack` it first.");
        if (space.file().isPresent() && !space.file().get().equals(file)) throw new Problem(ErrorCode.ALREADY_TRACKED,
            "The space \"" + space.name() + "\" already fills " + space.file().get() + ".", "`waggle untrack` that file first.");
        waiting.remove(space.id());
        var follower = space.follower().isPresent() ? space.follower().get() : open(space, file);
        try {
            space.record(space.row().withFile(Optional.of(file.toString()), Optional.of(pendingJoin(adopt))));
            var report = follower.join(adopt, progress);
            if (!report.joined()) throw undecided(space, file, report);
            started(space, follower);
            return new Node.Filled(space, report);
        } catch (RuntimeException e) {
            if (space.follower().isEmpty()) follower.close();
            throw e;
        }
    }

    /// Nothing was changed: the file is free again until somebody decides.
    private static Problem undecided(SpaceRuntime space, Path file, JoinReport report) {
        space.record(space.row().withFile(Optional.empty(), Optional.empty()));
        var first = report.plan().different().stream().findFirst()
            .map(row -> ", the first in " + row.table() + " at " + row.key() + ": " + row.column() + " is " + row.here() + " here and " + row.there() + " there").orElse("");
        return new Problem(ErrorCode.ADOPT_NEEDED, file + " differs from the space under the same key in " + Plural.of(report.plan().differentRows(), "row") + first + ".",
            "Repeat the command with --adopt mine (the file's rows are shown) or --adopt theirs; the other version is kept as a conflict either way.");
    }

    SpaceRuntime untrack(Path file) {
        var space = node.spaces().stream().filter(each -> each.file().equals(Optional.of(file))).findFirst().orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, file + " is not tracked by this node.", "`waggle space list` names the files that are."));
        try {
            var follower = space.follower().orElseGet(() -> open(space, file));
            space.follow(follower);
            follower.untrack();
        } catch (FileRefused refused) {
            if (!refused.isNoDatabase()) throw refused;
        }
        space.stopFollowing();
        space.trouble("");
        space.record(space.row().withFile(Optional.empty(), Optional.empty()));
        return space;
    }

    /// Follows the file again after a start, and finishes what was begun; with a log that is empty or was restored only once the peers were heard.
    void resume(SpaceRuntime space) {
        var row = space.row();
        if (row.file().isEmpty()) return;
        var file = Path.of(row.file().get());
        if (space.log().state().lastOffset() == 0 || isRestored(row) && java.nio.file.Files.exists(file)) {
            waiting.add(space.id());
            space.trouble(WAITS);
        } else {
            goOn(space, file);
        }
    }

    private void goOn(SpaceRuntime space, Path file) {
        try {
            var pending = space.row().pending().map(Files::pending);
            if (pending.isEmpty()) {
                follow(space, file);
                return;
            }
            switch (pending.get().text("what")) {
                case "track" -> track(space, file, pending.get().array("tables").stream().map(Json::asText).toList(), Progress.NONE);
                case "join" -> join(space, file, Adopt.valueOf(pending.get().text("adopt")), Progress.NONE);
                default -> {
                    if (java.nio.file.Files.exists(file)) {
                        follow(space, file);
                        space.record(space.row().withFile(space.row().file(), Optional.empty()));
                    } else {
                        join(space, file, Adopt.THEIRS, Progress.NONE);
                    }
                }
            }
        } catch (RuntimeException e) {
            if (Problems.of(e) instanceof Problem problem) space.trouble(problem.sentences());
            else throw e;
        }
    }

    private void follow(SpaceRuntime space, Path file) {
        var follower = open(space, file);
        space.follow(follower);
        follower.start();
    }

    private static boolean isRestored(SpaceRow row) {
        return row.pending().equals(Optional.of(SpaceRow.RESTORED));
    }

    /// Takes up the file of a lost or restored log once that is as new as those of the peers: else what the file has from later would be written again, beside the
    /// events that bring it.
    ///
    /// @param upMs how long this node has been up
    void takeUp(SpaceRuntime space, Optional<SyncStatus.SpaceStatus> shared, long upMs) {
        if (!waiting.contains(space.id()) || space.log().state().lastOffset() == 0) return;
        int reachable = shared.map(SyncStatus.SpaceStatus::reachable).orElse(0);
        int agreeing = shared.map(SyncStatus.SpaceStatus::agreeing).orElse(0);
        boolean asNew = reachable > 0 && agreeing == reachable;
        if (!asNew && upMs < (reachable == 0 ? ALONE_MS_MAX : DIFFERENT_MS_MAX)) return;
        var file = space.row().file();
        if (!waiting.remove(space.id()) || file.isEmpty() || space.follower().isPresent()) return;
        if (isRestored(space.row()) && java.nio.file.Files.exists(Path.of(file.get()))) goOnOrWait(space, Path.of(file.get()));
        else Thread.ofPlatform().daemon().name("take-up-" + space.id().brief()).start(() -> goOnOrWait(space, Path.of(file.get())));        // it has to be filled first
    }

    private void goOnOrWait(SpaceRuntime space, Path file) {
        try {
            goOn(space, file);
        } finally {
            if (space.follower().isEmpty()) waiting.add(space.id());                               // it says why not, and is tried again
        }
    }

    interface Folding extends AutoCloseable {
        @Override void close();
    }

    /// Folds the log of a space that no file follows while it arrives.
    Folding early(SpaceRuntime space) {
        return space.follower().isPresent() ? () -> { } : EarlyView.start(viewFile(space), space.log())::close;
    }

    private Path viewFile(SpaceRuntime space) {
        return node.folder(space.id()).resolve("view.sqlite");
    }

    private TableFollower open(SpaceRuntime space, Path file) {
        return TableFollower.open(file, viewFile(space), space.log(), space::author, node::nowMs);
    }

    private static void started(SpaceRuntime space, TableFollower follower) {
        space.record(space.row().withFile(space.row().file(), Optional.empty()));
        if (space.follower().isPresent()) return;
        space.follow(follower);
        follower.start();
    }

    /// Whether a space has a log, which is lost when nothing is in it; else the process ended between the space's row and its first event.
    static boolean wasBegun(SpaceRow row) {
        return row.pending().filter(pending -> pending.equals(Node.UNFINISHED) || pending(pending).text("what").equals("track")).isEmpty();
    }

    private static Json.Obj pending(String text) {
        return Canonical.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String pendingTrack(List<String> tables) {
        return Canonical.text(Json.object("what", "track", "tables", Json.array(tables.stream().map(Json::of).toList())));
    }

    private static String pendingJoin(Adopt adopt) {
        return Canonical.text(Json.object("what", "join", "adopt", adopt.name()));
    }

    private static String baseName(Path file) {
        var name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
