package dev.waggle.store.capture;

import dev.waggle.apps.table.TableView.Observed;
import dev.waggle.core.record.Value;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Compares whole tables with what the view shows, and writes the differences to the log as a program's changes: for the first `track`, a restored or replaced
/// file, a table that was rebuilt without our triggers, a new table or column.
///
/// Reads in pages, each under a short snapshot, so that a large table never holds up a program. The triggers are in place before, so what is written
/// meanwhile is in the queue and drained afterwards.
final class Rescan {
    private static final int PAGE_ROWS = 1_000;

    /// Rows that the log knows already although the view at the file's cursor does not show them: a restored file may hold them.
    interface KnownRows extends AutoCloseable {
        KnownRows NONE = (key, row) -> false;

        boolean has(RowKey key, Optional<SortedMap<String, Value>> row);

        @Override default void close() {}
    }

    /// Collects every state that rows had in the log after `offset`.
    static KnownRows knownAfter(Follower follower, long offset) {
        var seen = new SeenRows(follower.scratchFile("seen"));
        try (var scratch = follower.scratchView()) {
            long at = 0;
            for (var entries = follower.readLog(at); !entries.isEmpty(); entries = follower.readLog(at)) {
                for (var entry : entries) {
                    at = entry.offset();
                    scratch.fold(entry);
                    if (at <= offset) {
                        if (at == offset || Follower.isPiece(scratch, entry)) scratch.table().settle();
                        continue;
                    }
                    for (var shown : scratch.table().settle()) {
                        var table = follower.tables.get(shown.table());
                        if (table == null) continue;
                        shown.before().ifPresent(row -> seen.add(table.table().at(row), Optional.empty()));
                        shown.after().ifPresent(row -> seen.add(table.table().at(row), Optional.of(row)));
                    }
                }
            }
        } catch (RuntimeException e) {
            seen.close();
            throw e;
        }
        return new KnownRows() {
            @Override public boolean has(RowKey key, Optional<SortedMap<String, Value>> row) {
                return seen.has(key, row);
            }

            @Override public void close() {
                seen.close();
            }
        };
    }

    private final Follower follower;
    private final KnownRows known;
    private final Progress progress;
    private long differences;

    Rescan(Follower follower, KnownRows known, Progress progress) {
        this.follower = follower;
        this.known = known;
        this.progress = progress;
    }

    /// @return how many rows differed
    long compare(Collection<String> tables) throws SQLException {
        var ordered = follower.tracked().stream().map(TrackedTable::name).filter(tables::contains).toList();
        for (var name : ordered.reversed()) compareGone(follower.tables.get(name));        // children first: a parent that a live row refers to would come back
        for (var name : ordered) comparePresent(follower.tables.get(name));
        return differences;
    }

    private void compareGone(TableSql table) {
        var page = new ArrayList<List<Value>>();
        follower.view.table().forEachShownRow(table.table().name(), (key, row) -> {
            page.add(table.table().keyOf(row));
            if (page.size() == PAGE_ROWS) gone(table, page);
            return true;
        });
        gone(table, page);
    }

    /// Children are compared before their parents, so nothing that is shown comes to stand under a key that was passed already.
    private void gone(TableSql table, List<List<Value>> page) {
        List<Observed> gone = follower.file.snapshot(() -> {
            var missing = new ArrayList<Observed>();
            for (var key : page) if (!table.exists(key)) missing.add(new Observed(table.table().name(), key, Optional.empty(), Optional.empty()));
            return missing;
        });
        page.clear();
        emit(gone);
    }

    /// Only what stands in the file: rows that are missing there are no deletes. For a table that was not followed before.
    long adopt(String table) throws SQLException {
        comparePresent(follower.tables.get(table));
        return differences;
    }

    private void comparePresent(TableSql table) throws SQLException {
        var name = table.table().name();
        boolean anyShown = isShown(name);
        long total = follower.file.snapshot(table::count);
        long done = 0;
        Optional<List<Value>> after = Optional.empty();
        while (true) {
            var last = after;
            var page = follower.file.snapshot(() -> table.page(last, PAGE_ROWS));
            if (page.isEmpty()) break;
            var different = new ArrayList<Observed>();
            for (var row : page) {
                var key = table.table().keyOf(row);
                if (table.table().at(key).hasNull()) {
                    follower.keyless++;
                    continue;
                }
                var shown = anyShown ? follower.view.table().shown(name, key) : Optional.<SortedMap<String, Value>>empty();
                if (shown.isEmpty() || !Same.rows(row, shown.get(), follower.file.textForm()))
                    different.add(new Observed(name, key, Optional.empty(), Optional.of(row)));
            }
            emit(different);
            done += page.size();
            progress.at(name, done, Math.max(total, done));
            after = Optional.of(table.table().keyOf(page.getLast()));
        }
    }

    boolean isShown(String table) {
        var any = new boolean[1];
        follower.view.table().forEachShownRow(table, (key, row) -> {
            any[0] = true;
            return false;
        });
        return any[0];
    }

    private void emit(List<Observed> different) {
        var unknown = different.stream().filter(seen -> !known.has(follower.tables.get(seen.table()).table().at(seen.key()), seen.row())).toList();
        differences += unknown.size();
        if (unknown.isEmpty()) return;
        follower.emit(unknown, follower.cursor);
        follower.commitWhatStands();
    }
}
