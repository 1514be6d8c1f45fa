package dev.waggle.node.rest;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Entry;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.check.Doctor;
import dev.waggle.node.check.LogVerify;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The log of a space: reading, checking, and the check of the whole node.
final class LogRoutes {
    private static final int PAGE_MAX = 500;
    private static final int PAGE_BYTES_MAX = 4 << 20;
    private final Node node;
    private final Jobs<Json.Obj> jobs;

    LogRoutes(Node node, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/spaces/{space}/log", false, "Entries of a log in local order", List.of(Route.number("after", "the offset to begin behind; else the last ones"),
                Route.number("limit", "at most 500; 20 unless told"), Route.flag("payloads", "`true` adds the signed text and the signature")),
                "`entries`: each with `offset`, `id`, `origin`, `seq`, `type`, `time`, `verdict`, `says`.", this::page),
            new Route("POST", "/api/v1/spaces/{space}/log/verify", false, "Check every hash, link and signature of a log", List.of(),
                "A job; its result has `events`, `chains`, `signatures`, `damages`.", request -> {
                    var space = node.space(request.path().get("space"));
                    return Routes.started(jobs, "verifying " + space.name(), job -> verified(space, job));
                }),
            new Route("POST", "/api/v1/spaces/{space}/log/compact", false, "Make a log small", List.of(),
                "A job; its result has `written` (this node, the owner's, wrote a checkpoint), `checkpoint` (up to which the log is condensed), `condensed` (it was not before). "
                    + "Nothing that can be read changes; the file shrinks at the next start.", request -> {
                    var space = node.space(request.path().get("space"));
                    return Routes.started(jobs, "condensing " + space.name(), job -> compacted(space, job));
                }),
            new Route("POST", "/api/v1/doctor", false, "Check this node from the disk up", List.of(), "A job; its result has `healthy` and `checks`.",
                _ -> Routes.started(jobs, "checking the node", job -> {
                    var checks = Doctor.examine(node, job::progress);
                    return Json.object("healthy", checks.stream().noneMatch(check -> check.result() == Doctor.Result.BAD), "checks", Json.array(checks.stream()
                        .map(check -> Json.object("what", check.what(), "result", check.result().name().toLowerCase(Locale.ROOT), "says", check.says())).toList()));
                })));
    }

    private Reply page(Request request) {
        var log = node.space(request.path().get("space")).log();
        var limit = (int) request.number("limit", 20, 1, PAGE_MAX);
        var after = request.number("after", Math.max(0, log.state().lastOffset() - limit), 0, Json.INTEGER_MAX);
        var payloads = "true".equals(request.query().get("payloads"));
        return Reply.of(Json.object("entries", Json.array(log.read(after, limit, PAGE_BYTES_MAX).stream().map(entry -> entry(entry, payloads)).toList()),
            "last_offset", log.state().lastOffset()));
    }

    private static Json.Obj entry(Entry entry, boolean payloads) {
        return switch (entry) {
            case Entry.Admitted(var offset, var event, var verdict) -> {
                var json = Json.object("offset", offset, "id", event.id().hex(), "origin", event.chain().origin().hex(), "epoch", event.chain().epoch().hex(),
                    "seq", event.seq(), "type", event.type(), "time", time(event.envelope().ts().wallMs()), "verdict", verdict.name().toLowerCase(Locale.ROOT), "says", "");
                if (!payloads) yield json;
                json = json.with("payload", Json.of(new String(event.payload(), StandardCharsets.UTF_8)));
                yield event.signature().isPresent() ? json.with("signature", Json.of(Hex.of(event.signature().get()))) : json;
            }
            case Entry.VerdictChanged(var offset, var chain, var branch, var from, var to, var verdict) -> Json.object("offset", offset,
                "origin", chain.origin().hex(), "epoch", chain.epoch().hex(), "branch", branch, "seq", from, "to_seq", to, "type", "verdict_changed",
                "verdict", verdict.name().toLowerCase(Locale.ROOT), "says", "events " + from + " to " + to + " of this chain");
        };
    }

    /// UTC, or milliseconds where the year has more than four digits.
    private static String time(long wallMs) {
        return wallMs < 253_402_300_800_000L ? Instant.ofEpochMilli(wallMs).toString() : wallMs + " ms";
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
