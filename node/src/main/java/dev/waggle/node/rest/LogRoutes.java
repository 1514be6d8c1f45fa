package dev.waggle.node.rest;

import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.node.Node;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Reading the log of a space: its entries in local order, forwards or backwards, and how its chains lie.
final class LogRoutes {
    private static final int PAGE_MAX = 500;
    private static final int PAGE_BYTES_MAX = 4 << 20;
    /// A request with a filter looks at so many entries and then says where to go on.
    static final int SCAN_MAX = 20_000;
    /// The same where the store passes over most of them.
    private static final int HOLDING_SCAN_MAX = 100_000;
    private static final int CHAINS_MAX = 500;
    private static final int WAITING_MAX = 100;
    private final Node node;

    LogRoutes(Node node) {
        this.node = node;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/spaces/{space}/log", false, "Entries of a log in local order", List.of(Route.number("after", "the offset to begin behind; else the last ones"),
                Route.number("before", "instead: newest first, from the one before this offset"), Route.number("limit", "at most 500; 20 unless told"),
                Route.text("type", "only events of this type"), Route.text("origin", "only of nodes whose id begins like this"), Route.text("verdict", "only counts or void"),
                Route.flag("payloads", "`true` adds the signed text and the signature")),
                "`entries`: each with `offset`, `id`, `origin`, `seq`, `type`, `time`, `verdict`, `says`, `prev`, `merges`; `last_offset`; `next`: `after` or `before` of the next page, null at the end.", this::page),
            new Route("GET", "/api/v1/spaces/{space}/log/chains", false, "The chains of a log, and what waits", List.of(),
                "`chains` (500 at most): each with `origin`, `epoch`, `branch`, `first_offset`, `last_offset`, `seq`, `id`, `head` (no known event follows or merges it); `chains_count`; `waiting` (100 at most): each with `id`, `origin`, `seq`, `type`, `for`.",
                request -> Reply.of(chains(node.space(request.path().get("space")).log()))));
    }

    private Reply page(Request request) {
        var log = node.space(request.path().get("space")).log();
        var limit = (int) request.number("limit", 20, 1, PAGE_MAX);
        var payloads = "true".equals(request.query().get("payloads"));
        var wanted = new LogFilter(request.query().getOrDefault("type", ""), request.query().getOrDefault("origin", ""), request.query().getOrDefault("verdict", ""));
        long last = log.state().lastOffset();
        boolean newestFirst = request.query().containsKey("before");
        long begin = newestFirst ? Math.min(request.number("before", last + 1, 0, Json.INTEGER_MAX), last + 1) : request.number("after", Math.max(0, last - limit), 0, Json.INTEGER_MAX);
        var bytes = wanted.bytes(log);
        var found = bytes.isPresent() ? holding(log, bytes.get(), begin, newestFirst, limit, wanted) : newestFirst ? backwards(log, begin, limit, wanted) : forwards(log, begin, limit, wanted);
        return Reply.of(Json.object("entries", Json.array(found.entries().stream().map(entry -> entry(entry, payloads)).toList()), "last_offset", last,
            "next", found.end() ? null : found.next()));
    }

    /// @param next the offset that the next page begins behind, or before
    private record Found(List<Entry> entries, long next, boolean end) {}

    /// Lets the store pass over what cannot be wanted.
    private static Found holding(EventLog log, byte[] bytes, long begin, boolean newestFirst, int limit, Predicate<Entry> wanted) {
        var entries = new ArrayList<Entry>();
        long last = log.state().lastOffset();
        long after = newestFirst ? Math.max(0, begin - 1 - HOLDING_SCAN_MAX) : begin;
        long before = newestFirst ? begin : Math.min(last, begin + HOLDING_SCAN_MAX) + 1;
        while (entries.size() < limit) {
            var page = log.readHolding(bytes, after, before, newestFirst, limit, PAGE_BYTES_MAX);
            if (page.isEmpty()) return newestFirst ? new Found(entries, after + 1, after == 0) : new Found(entries, before - 1, before > last);
            for (var entry : page) {
                if (entries.size() == limit) break;
                if (newestFirst) before = entry.offset();
                else after = entry.offset();
                if (wanted.test(entry)) entries.add(entry);
            }
        }
        return newestFirst ? new Found(entries, before, before <= 1) : new Found(entries, after, after >= last);
    }

    private static Found forwards(EventLog log, long after, int limit, Predicate<Entry> wanted) {
        var entries = new ArrayList<Entry>();
        long at = after;
        for (int looked = 0; looked < SCAN_MAX && entries.size() < limit; ) {
            var page = log.read(at, PAGE_MAX, PAGE_BYTES_MAX);
            if (page.isEmpty()) return new Found(entries, at, true);
            for (var entry : page) {
                if (entries.size() == limit) break;
                at = entry.offset();
                looked++;
                if (wanted.test(entry)) entries.add(entry);
            }
        }
        return new Found(entries, at, at >= log.state().lastOffset());
    }

    private static Found backwards(EventLog log, long before, int limit, Predicate<Entry> wanted) {
        var entries = new ArrayList<Entry>();
        long at = before;
        for (int looked = 0; at > 1 && looked < SCAN_MAX && entries.size() < limit; ) {
            long from = Math.max(0, at - 1 - PAGE_MAX);
            var block = new ArrayList<Entry>();
            for (long after = from; after < at - 1; ) {             // in pieces, where a block has many bytes
                long end = at;
                var page = log.read(after, (int) (end - 1 - after), PAGE_BYTES_MAX);
                if (page.isEmpty()) break;
                block.addAll(page);
                after = page.getLast().offset();
            }
            if (block.isEmpty()) return new Found(entries, at, true);
            for (var entry : block.reversed()) {
                if (entries.size() == limit) break;
                at = entry.offset();
                looked++;
                if (wanted.test(entry)) entries.add(entry);
            }
        }
        return new Found(entries, at, at <= 1);
    }

    private static Json.Obj entry(Entry entry, boolean payloads) {
        return switch (entry) {
            case Entry.Admitted(var offset, var event, var verdict) -> {
                var envelope = event.envelope();
                var json = Json.object("offset", offset, "id", event.id().hex(), "origin", event.chain().origin().hex(), "epoch", event.chain().epoch().hex(),
                    "seq", event.seq(), "type", event.type(), "time", time(envelope.ts().wallMs()), "verdict", verdict.name().toLowerCase(Locale.ROOT), "says", "",
                    "prev", envelope.prev().map(id -> (Json) Json.of(id.hex())).orElse(Json.NULL), "merges", Json.array(envelope.merges().stream().map(LogRoutes::ref).toList()));
                if (!payloads) yield json;
                json = json.with("payload", Json.of(new String(event.payload(), StandardCharsets.UTF_8)));
                yield event.signature().isPresent() ? json.with("signature", Json.of(Hex.of(event.signature().get()))) : json;
            }
            case Entry.VerdictChanged(var offset, var chain, var branch, var from, var to, var verdict) -> Json.object("offset", offset,
                "origin", chain.origin().hex(), "epoch", chain.epoch().hex(), "branch", branch, "seq", from, "to_seq", to, "type", "verdict_changed",
                "verdict", verdict.name().toLowerCase(Locale.ROOT), "says", "events " + from + " to " + to + " of this chain");
        };
    }

    private static Json.Obj ref(EventRef ref) {
        return Json.object("id", ref.id().hex(), "origin", ref.chain().origin().hex(), "epoch", ref.chain().epoch().hex(), "seq", ref.seq());
    }

    private static Json.Obj chains(EventLog log) {
        var tips = log.state().tips();
        var heads = log.branches().stream().filter(Branch::head).map(Branch::tipId).collect(Collectors.toSet());
        var chains = new ArrayList<Json>();
        for (var tip : tips) {
            if (chains.size() == CHAINS_MAX) break;
            chains.add(Json.object("origin", tip.chain().origin().hex(), "epoch", tip.chain().epoch().hex(), "branch", tip.branch(),
                "first_offset", log.at(tip.chain(), tip.branch(), 1).map(Entry::offset).orElse(0L), "last_offset", log.at(tip.chain(), tip.branch(), tip.seq()).map(Entry::offset).orElse(0L),
                "seq", tip.seq(), "id", tip.id().hex(), "head", heads.contains(tip.id())));
        }
        return Json.object("chains", Json.array(chains), "chains_count", tips.size(), "waiting", Json.array(log.waiting(WAITING_MAX).stream().map(LogRoutes::waiting).toList()));
    }

    private static Json waiting(Admission answer) {
        var event = answer.event();
        var why = switch (answer) {
            case Admission.Waiting(var _, var parents, var control, var chunks) -> Plural.of(parents.size() + control.size(), "event") + " and " + Plural.of(chunks.size(), "chunk") + " not here yet";
            case Admission.Held(var _, var untilMs) -> "its time, " + time(untilMs);
            default -> "";
        };
        return Json.object("id", event.id().hex(), "origin", event.chain().origin().hex(), "seq", event.seq(), "type", event.type(), "for", why);
    }

    /// UTC, or milliseconds where the year has more than four digits.
    private static String time(long wallMs) {
        return wallMs < 253_402_300_800_000L ? Instant.ofEpochMilli(wallMs).toString() : wallMs + " ms";
    }
}
