package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.record.Value;
import dev.waggle.node.explain.Explainer;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.RowPage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which tables a space has, and what stands in them.
final class TableRoutes {
    private static final int ROWS_MAX = 500;
    private static final long SKIP_MAX = RowPage.COUNT_MAX;
    /// A longer key goes into no address: rows behind it are counted from a shorter one.
    private static final int CURSOR_KEY_CHARS_MAX = 1_000;
    /// A key whose parts are longer is not given as words.
    private static final int WORD_CHARS_MAX = 300;
    private final Explainer explainer;

    TableRoutes(Explainer explainer) {
        this.explainer = explainer;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/spaces/{space}/tables", false, "The tables of a space that a file here shows", List.of(), "`tables`: each with `name`, `key` (its columns), `columns`.",
                request -> Reply.of(Json.object("tables", explainer.tables(request.path().get("space"))))),
            // The table is no part of the path: it may be called "..", which no browser sends.
            new Route("GET", "/api/v1/spaces/{space}/rows", false, "Rows of a table as the tracked file has them, by their key", List.of(Route.needed("table", "its name"),
                Route.text("after", "the `next` of a page before; else from the first row on"), Route.number("skip", "pass over so many rows, 1,000,000 at most"), Route.number("limit", "at most 500; 100 unless told")),
                "`key` and `columns` (names; 500 columns at most, `more_columns`: how many follow), `rows`: each with `key` (what `explain` takes; null where it is too long or no plain text) and `cells`, in the order of `columns`: "
                    + "as values stand in events, but `{\"text\", \"bytes\"}` for the beginning of a text of more than 800 bytes and `{\"blob\"}`, its size, for a blob; `next`: null at the end; without `after` and `skip` also `rows_count`, 1,000,000 for more. "
                    + "A page ends early where its rows are large.", this::rows));
    }

    /// Where a page begins: so many rows behind a key, or behind the beginning.
    private record Place(Optional<List<Value>> key, long skip) {
        static Place of(String cursor) {
            if (cursor.isEmpty()) return new Place(Optional.empty(), 0);
            try {
                var place = Canonical.parseObject(Cursors.text(cursor).getBytes(StandardCharsets.UTF_8));
                var key = place.get("key").map(parts -> parts.asArray().stream().map(Value::fromJson).toList());
                var skip = place.integer("skip");
                if (skip >= 0 && key.stream().flatMap(List::stream).noneMatch(Value.Chunked.class::isInstance)) return new Place(key, skip);
            } catch (MalformedPayload e) {
                throw bad(e);
            }
            throw bad(null);
        }

        private static Problem bad(Exception cause) {
            return new Problem(ErrorCode.BAD_REQUEST, "That is no place in a table.", "Send back the `next` of the page before, or nothing to begin.", cause);
        }

        String cursor() {
            var place = Json.object("skip", skip);
            return Cursors.of(Canonical.text(key.isEmpty() ? place : place.with("key", Json.array(key.get().stream().map(Value::toJson).toList()))));
        }

        /// Behind these rows.
        Place behind(List<RowPage.Row> rows) {
            var last = new Place(Optional.of(rows.getLast().key()), 0);
            return last.cursor().length() <= CURSOR_KEY_CHARS_MAX ? last : new Place(key, skip + rows.size());
        }
    }

    private Reply rows(Request request) {
        var query = request.query();
        var table = Optional.ofNullable(query.get("table")).orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "It is not said of which table.", "Give `table`: `GET /api/v1/spaces/{space}/tables` lists them."));
        int limit = (int) request.number("limit", 100, 1, ROWS_MAX);
        long skip = request.number("skip", 0, 0, SKIP_MAX);
        var begin = Place.of(query.getOrDefault("after", ""));
        var place = new Place(begin.key(), begin.skip() + skip);
        if (place.skip() > SKIP_MAX) throw new Problem(ErrorCode.BAD_REQUEST, "That is too far into the table.", "Rows so far behind are found by their key: ask `explain`.");
        var page = explainer.rows(request.path().get("space"), table, place.key(), place.skip(), limit, !query.containsKey("after") && !query.containsKey("skip"));
        var answer = Json.object("key", texts(page.key()), "columns", texts(page.columns()), "more_columns", page.more(), "rows", Json.array(page.rows().stream().map(TableRoutes::row).toList()),
            "next", page.isEnd() ? null : place.behind(page.rows()).cursor());
        return Reply.of(page.count().isEmpty() ? answer : answer.with("rows_count", Json.of(page.count().get())));
    }

    private static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }

    private static Json row(RowPage.Row row) {
        var words = row.key().stream().map(TableRoutes::word).toList();
        return Json.object("key", words.stream().allMatch(Optional::isPresent) ? texts(words.stream().map(Optional::get).toList()) : Json.NULL,
            "cells", Json.array(row.cells().stream().map(TableRoutes::cell).toList()));
    }

    /// A part of a key as a person would type it, see [dev.waggle.apps.table.KeyText].
    private static Optional<String> word(Value value) {
        return switch (value) {
            case Value.Int _ -> Optional.of(value.show(WORD_CHARS_MAX));
            case Value.Real(var number) -> Double.isFinite(number) ? Optional.of(value.show(WORD_CHARS_MAX)) : Optional.empty();
            case Value.Text text -> Optional.of(text.lossy()).filter(word -> word.length() <= WORD_CHARS_MAX && Arrays.equals(word.getBytes(StandardCharsets.UTF_8), text.bytes()));
            case Value.Blob(var bytes) -> bytes.length <= WORD_CHARS_MAX / 2 ? Optional.of(value.show(WORD_CHARS_MAX + 3)) : Optional.empty();
            case Value.Null _, Value.Chunked _ -> Optional.empty();
        };
    }

    private static Json cell(RowPage.Cell cell) {
        return switch (cell.value()) {
            case Value.Blob _ -> Json.object("blob", cell.bytes());
            case Value.Text text when !cell.whole() -> Json.object("text", text.lossy(), "bytes", cell.bytes());
            case Value value -> value.toJson();
        };
    }
}
