package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.backup.Backup;
import dev.waggle.node.check.Doctor;
import dev.waggle.node.check.LogVerify;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Upkeep: checks of a log and of the whole node, making a log small, and backups.
final class UpkeepRoutes {
    private final Node node;
    private final Jobs<Json.Obj> jobs;

    UpkeepRoutes(Node node, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            new Route("POST", "/api/v1/spaces/{space}/log/verify", false, "Check every hash, link and signature of a log", List.of(),
                "A job; its result has `events`, `chains`, `signatures`, `damages`.", request -> {
                    var space = node.space(request.path().get("space"));
                    return Routes.started(jobs, "verifying " + space.name(), job -> verified(space, job));
                }),
            new Route("POST", "/api/v1/spaces/{space}/log/compact", false, "Make a log small", List.of(),
                "A job; its result has `written` (this node, whose task that is, wrote a checkpoint), `checkpoint` (up to which the log is condensed), `condensed` (it was not before). "
                    + "Nothing that can be read changes; the file shrinks at the next start.", request -> {
                    var space = node.space(request.path().get("space"));
                    return Routes.started(jobs, "condensing " + space.name(), job -> compacted(space, job));
                }),
            new Route("POST", "/api/v1/spaces/{space}/log/coordinator", false, "Name the member whose node writes the space's checkpoints; only its owner may", List.of(
                Route.needed("node", "the beginning of its id; the owner's own takes it back")), "`event`: the id of the control event that says so; `node`.", request -> {
                    var members = node.space(request.path().get("space")).members();
                    var named = members.find(request.text("node"));
                    return Reply.of(Json.object("event", members.coordinator(named, node.nowMs()).hex(), "node", named.hex()));
                }),
            new Route("POST", "/api/v1/backup", false, "Copy the data folder as it stands into a new folder", List.of(Route.needed("to", "absolute path of a folder that does not exist"),
                Route.flag("with_key", "put the node's secret key into the backup, too")),
                "A job; its result has `folder`, `bytes`, `spaces`, `with_key`, `made_ms`.", request -> {
                    var to = Path.of(request.text("to"));
                    if (!to.isAbsolute()) throw new Problem(ErrorCode.BAD_REQUEST, "\"to\" is not an absolute path.", "The node runs in another folder than you: send the whole path.");
                    return Routes.started(jobs, "copying the data folder", job -> backedUp(to.normalize(), request.flag("with_key"), job));
                }),
            new Route("POST", "/api/v1/doctor", false, "Check this node from the disk up", List.of(), "A job; its result has `healthy` and `checks`.",
                _ -> Routes.started(jobs, "checking the node", job -> {
                    var checks = Doctor.examine(node, job::progress);
                    return Json.object("healthy", checks.stream().noneMatch(check -> check.result() == Doctor.Result.BAD), "checks", Json.array(checks.stream()
                        .map(check -> Json.object("what", check.what(), "result", check.result().name().toLowerCase(Locale.ROOT), "says", check.says())).toList()));
                })));
    }

    private Json.Obj backedUp(Path to, boolean withKey, Jobs.Job<Json.Obj> job) {
        var made = Backup.write(node, to, withKey, job::progress);
        return Json.object("folder", to.toString(), "bytes", made.bytes(), "spaces", made.logs(), "with_key", made.withKey(), "made_ms", made.madeMs());
    }

    private Json.Obj compacted(SpaceRuntime space, Jobs.Job<Json.Obj> job) {
        var report = space.compaction().now(node.nowMs(), looked -> job.progress(looked, 0));
        return Json.object("written", report.written(), "checkpoint", report.checkpoint().map(id -> id.hex()).orElse(null), "condensed", report.condensed());
    }

    private Json.Obj verified(SpaceRuntime space, Jobs.Job<Json.Obj> job) {
        var report = LogVerify.verify(space.log(), node.verifier(), job::progress);
        return Json.object("events", report.events(), "chains", report.chains(), "signatures", report.signatures(),
            "damages", Json.array(report.damages().stream().map(Json::of).toList()));
    }
}
