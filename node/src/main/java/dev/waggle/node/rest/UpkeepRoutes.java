package dev.waggle.node.rest;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.SpaceStorage;
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
            new Route("GET", "/api/v1/spaces/{space}/storage", false, "What a space takes on this machine, and what making its log small would change", List.of(),
                "`log_bytes` (none where logs are in a database), `view_bytes`, `file_bytes` (of a tracked file), `events`, `chunks`, `chunk_bytes`, `segments`, `segment_bytes` (condensed events), `open_events` (kept as "
                    + "they travelled), `covered_events` (of those, what the last checkpoint covers), `would_condense` (by a run now), `writes_checkpoints` (this node does), `checkpoints_by`, `checkpoint`, `condensed`.",
                request -> Reply.of(storage(node.space(request.path().get("space"))))),
            new Route("POST", "/api/v1/spaces/{space}/log/coordinator", false, "Name the member whose node writes the space's checkpoints; only its owner may", List.of(
                Route.needed("node", "the beginning of its id; the owner's own takes it back")), "`event`: the id of the control event that says so; `node`.", request -> {
                    var members = node.space(request.path().get("space")).members();
                    var named = members.find(request.text("node"));
                    return Reply.of(Json.object("event", members.coordinator(named, node.nowMs()).hex(), "node", named.hex()));
                }),
            new Route("POST", "/api/v1/backup", false, "Copy the data folder as it stands into a new folder", List.of(Route.needed("to", "absolute path of a folder that does not exist"),
                Route.flag("with_key", "put the node's secret key into the backup, too")),
                "A job; its result has `folder`, `bytes`, `spaces` (how many logs it holds), `with_key`, `made_ms`, `database` (where the logs are, if not in it).", request -> {
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

    private Json.Obj storage(SpaceRuntime space) {
        var storage = SpaceStorage.of(node, space);
        var counts = space.log().counts();
        boolean writes = storage.writer().filter(node.id()::equals).isPresent();
        var extent = storage.extent();
        return Json.object("log_bytes", storage.logBytes().isPresent() ? Json.of(storage.logBytes().getAsLong()) : null, "view_bytes", storage.viewBytes(),
            "file_bytes", storage.fileBytes().isPresent() ? Json.of(storage.fileBytes().getAsLong()) : null, "events", counts.accepted() + counts.voided(),
            "chunks", storage.size().chunks(), "chunk_bytes", storage.size().chunkBytes(), "segments", storage.size().segments(), "segment_bytes", storage.size().segmentBytes(),
            "open_events", extent.open(), "covered_events", extent.covered(), "would_condense", writes && extent.open() > 1 ? extent.open() : extent.covered(), "writes_checkpoints", writes,
            "checkpoints_by", storage.writer().map(NodeId::hex).orElse(null), "checkpoint", storage.checkpoint().map(EventId::hex).orElse(null), "condensed", storage.condensed().map(EventId::hex).orElse(null));
    }

    private Json.Obj backedUp(Path to, boolean withKey, Jobs.Job<Json.Obj> job) {
        var made = Backup.write(node, to, withKey, job::progress);
        return Json.object("folder", to.toString(), "bytes", made.bytes(), "spaces", made.logs(), "with_key", made.withKey(), "made_ms", made.madeMs(), "database", made.database().orElse(null));
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
