package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.core.log.Role;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Adopt;
import dev.waggle.store.capture.JoinPlan;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.capture.Refusal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Spaces and their files: track, untrack, invite, join, leave.
final class SpaceRoutes {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");
    private final Node node;
    private final Jobs<Json.Obj> jobs;

    SpaceRoutes(Node node, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/spaces", false, "The spaces of this node", List.of(), "`spaces`: each with `name`, `id`, `role`, `file`, `events`, `conflicts`, `state`.",
                _ -> Reply.of(Json.object("spaces", Json.array(node.spaces().stream().map(space -> StatusJson.space(node, space)).toList())))),
            new Route("GET", "/api/v1/spaces/{space}", false, "One space with its members and counters", List.of(), "The space; `-` stands for the only one.",
                request -> Reply.of(StatusJson.spaceInFull(node, node.space(request.path().get("space"))))),
            new Route("POST", "/api/v1/track", false, "Share a SQLite file as a new space", List.of(Route.needed("file", "absolute path"),
                Route.texts("tables", "the tables; none for all"), Route.text("name", "of the space; else the file's name")),
                "A job; its result has `id`, `name`, `tables`, `rows`, `notes`.", this::track),
            new Route("POST", "/api/v1/untrack", false, "Take triggers and queue out of a file", List.of(Route.needed("file", "absolute path")),
                "`id` and `name` of its space.", request -> Reply.of(brief(node.untrack(path(request.text("file")))))),
            new Route("POST", "/api/v1/invite", false, "Make a ticket", List.of(Route.text("space", Routes.SPACE_SAYS),
                Route.texts("addresses", "host:port, where the other machine reaches this node"), Route.text("role", "moderator, writer (default) or reader"),
                Route.text("expires", "30s, 15m (default), 24h, 7d at most")), "`ticket` (text, a secret), `addresses`, `expires_ms`, `notes`.", this::invite),
            new Route("POST", "/api/v1/join", false, "Join a space with a ticket and fill a file", List.of(Route.needed("ticket", "what `invite` printed"),
                Route.needed("file", "absolute path"), Route.text("adopt", "mine or theirs: which side is shown where an existing row differs"),
                Route.text("name", "what to call the space here")), "A job; its result has `id`, `name`, `created` (tables), `equal`, `different`, `from_file`, `from_space` (rows), `notes`.", this::join),
            new Route("POST", "/api/v1/leave", false, "Leave a space", List.of(Route.text("space", Routes.SPACE_SAYS)), "`id`, `name`, `told` (some peer knows).", request -> {
                var space = node.space(request.optional("space").orElse(""));
                var left = brief(space);
                return Reply.of(left.with("told", Json.of(node.leave(space))));
            }));
    }

    private Reply track(Request request) {
        var file = path(request.text("file"));
        var tables = request.texts("tables");
        var name = request.optional("name");
        return Routes.started(jobs, "reading " + file.getFileName(), job -> {
            var tracked = node.track(file, tables, name, progress(job));
            return brief(tracked.space()).with("rows", Json.of(tracked.report().rows())).with("tables", texts(tracked.report().tables()))
                .with("notes", notes(tracked.report().refused(), tracked.report().advice()));
        });
    }

    private Reply join(Request request) {
        var file = path(request.text("file"));
        var ticket = request.text("ticket");
        var name = request.optional("name");
        var adopt = switch (request.optional("adopt").orElse("ask")) {
            case "mine" -> Adopt.MINE;
            case "theirs" -> Adopt.THEIRS;
            case "ask" -> Adopt.ASK;
            default -> throw new Problem(ErrorCode.BAD_REQUEST, "\"adopt\" is neither mine nor theirs.", "Leave it out to be asked.");
        };
        return Routes.started(jobs, "filling " + file.getFileName(), job -> {
            var filled = node.join(ticket, file, adopt, name, progress(job));
            var plan = filled.report().plan();
            return brief(filled.space()).with("created", texts(plan.create())).with("equal", Json.of(sum(plan, JoinPlan.TablePlan::equal)))
                .with("different", Json.of(plan.differentRows())).with("from_file", Json.of(sum(plan, JoinPlan.TablePlan::onlyHere)))
                .with("from_space", Json.of(sum(plan, JoinPlan.TablePlan::onlyThere))).with("notes", notes(plan.refused(), filled.report().notes()));
        });
    }

    private static long sum(JoinPlan plan, ToLongFunction<JoinPlan.TablePlan> rows) {
        return plan.tables().stream().mapToLong(rows).sum();
    }

    private static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }

    private static Json notes(List<Refusal> refused, List<String> advice) {
        return texts(Stream.concat(refused.stream().map(Refusal::sentence), advice.stream()).toList());
    }

    private Reply invite(Request request) {
        var role = role(request.optional("role").orElse("writer"));
        var made = node.invite(node.space(request.optional("space").orElse("")), request.texts("addresses"), role, duration(request.optional("expires").orElse("15m")));
        var notes = made.addresses().isEmpty()
            ? List.of(Json.of("No address is named: run `waggle up`, or name one with --address."))
            : made.reachable() ? List.<Json>of() : List.of(Json.of("Only programs on this machine reach " + String.join(", ", made.addresses())
                + ". Run `waggle up --listen 0.0.0.0:PORT` and name an address of this machine with --address for others."));
        return Reply.of(Json.object("ticket", made.ticket().text(), "space", made.space().id().hex(), "name", made.space().name(), "role", role.wire(),
            "addresses", Json.array(made.addresses().stream().map(Json::of).toList()), "expires_ms", made.ticket().expiresMs(), "notes", Json.array(notes)));
    }

    private static Role role(String wire) {
        try {
            return Role.of(wire.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "There is no such role.", "Choose moderator, writer or reader.");
        }
    }

    private static Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) throw new Problem(ErrorCode.BAD_REQUEST, "\"" + text + "\" is no time.", "Write 30s, 15m, 24h or 7d.");
        var count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Path path(String text) {
        try {
            var path = Path.of(text);
            if (path.isAbsolute()) return path.normalize();
        } catch (InvalidPathException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "\"file\" is not an absolute path.", "The node has another working folder than you: send the whole path.");
    }

    private static Progress progress(Jobs.Job<Json.Obj> job) {
        return (_, done, total) -> job.progress(done, total);
    }

    static Json.Obj brief(SpaceRuntime space) {
        return Json.object("id", space.id().hex(), "name", space.name());
    }
}
