package dev.waggle.store.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// Records as bytes, by number.
///
/// New ones are kept back until [#flush] and then written in pages, dozens to a row: a table that is filled costs one insert for a page. A record that is
/// written again gets a row of its own, which then counts instead of what the page says.
final class RecordPages {
    private static final int PAGE_RECORDS = 64;
    private static final int PAGE_BYTES = 16 * 1024;
    private static final int PAGE_RECORDS_MIN = 4;
    private static final int PAGES_CACHED_MAX = 8;
    private static final int WAITING_MAX = 8_192;

    /// @param table the word of its table
    private record Body(int table, byte[] bytes) {}

    private record Page(long first, byte[][] bodies) {}

    private final ViewFile file;
    private final TreeMap<Long, Body> waiting = new TreeMap<>();
    private final Map<Long, Page> read = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<Long, Page> eldest) {
            return size() > PAGES_CACHED_MAX;
        }
    };
    private final Bytes writing = Bytes.writing();
    private Page lastRead;
    private boolean anyRows;
    private boolean anyPages;

    RecordPages(ViewFile file) {
        this.file = file;
    }

    /// Forgets what is not in the file.
    ///
    /// @return the greatest number there
    long reload() {
        waiting.clear();
        read.clear();
        lastRead = null;
        long row = file.first("SELECT max(number) FROM record", each -> each.getLong(1)).orElse(0L);
        long page = file.first("SELECT first + count - 1 FROM record_page ORDER BY first DESC LIMIT 1", each -> each.getLong(1)).orElse(0L);
        anyRows = row > 0;
        anyPages = page > 0;
        return Math.max(row, page);
    }

    Optional<byte[]> get(long number) {
        var kept = waiting.get(number);
        if (kept != null) return Optional.of(kept.bytes);
        var row = anyRows ? file.first("SELECT body FROM record WHERE number = ?", each -> each.getBytes(1), number) : Optional.<byte[]>empty();
        return row.isPresent() || !anyPages ? row : inPage(number);
    }

    private Optional<byte[]> inPage(long number) {
        if (lastRead == null || number < lastRead.first || number >= lastRead.first + lastRead.bodies.length) {
            var first = file.first("SELECT first FROM record_page WHERE first <= ? ORDER BY first DESC LIMIT 1", each -> each.getLong(1), number);
            if (first.isEmpty()) return Optional.empty();
            var page = read.computeIfAbsent(first.get(), this::page);
            if (number >= page.first + page.bodies.length) return Optional.empty();
            lastRead = page;
        }
        return Optional.of(lastRead.bodies[(int) (number - lastRead.first)]);
    }

    private Page page(long first) {
        return file.first("SELECT count, bodies FROM record_page WHERE first = ?", row -> {
            var bodies = new byte[row.getInt(1)][];
            var in = Bytes.reading(row.getBytes(2));
            for (int i = 0; i < bodies.length; i++) bodies[i] = in.bytes();
            return new Page(first, bodies);
        }, first).orElseThrow();
    }

    /// @param isNew nothing was put under this number before
    void put(long number, int table, byte[] body, boolean isNew) {
        if (isNew || waiting.containsKey(number)) {
            waiting.put(number, new Body(table, body));
            if (waiting.size() >= WAITING_MAX) flush();
        } else {
            file.write("INSERT OR REPLACE INTO record (number, table_word, body) VALUES (?, ?, ?)", number, table, body);
            anyRows = true;
        }
    }

    /// Writes what was kept back.
    void flush() {
        if (waiting.isEmpty()) return;
        var rows = new ArrayList<Object[]>();
        var some = new ArrayList<Map.Entry<Long, Body>>();
        int bytes = 0;
        for (var next : waiting.entrySet()) {
            boolean follows = some.isEmpty() || some.getLast().getKey() + 1 == next.getKey() && some.getLast().getValue().table == next.getValue().table;
            if (!follows || some.size() == PAGE_RECORDS || !some.isEmpty() && bytes + next.getValue().bytes.length > PAGE_BYTES) {
                write(some, rows);
                some.clear();
                bytes = 0;
            }
            some.add(next);
            bytes += next.getValue().bytes.length;
        }
        write(some, rows);
        waiting.clear();
        if (rows.isEmpty()) return;
        file.writeAll("INSERT INTO record (number, table_word, body) VALUES (?, ?, ?)", rows);
        anyRows = true;
    }

    private void write(List<Map.Entry<Long, Body>> some, List<Object[]> rows) {
        if (some.size() < PAGE_RECORDS_MIN) {
            for (var each : some) rows.add(new Object[] {each.getKey(), each.getValue().table, each.getValue().bytes});
            return;
        }
        var bodies = writing.again();
        for (var each : some) bodies.bytes(each.getValue().bytes);
        file.write("INSERT INTO record_page (first, count, table_word, bodies) VALUES (?, ?, ?, ?)", some.getFirst().getKey(), some.size(),
            some.getFirst().getValue().table, bodies.written());
        anyPages = true;
    }

    /// The numbers of all records of a table, ascending.
    void forEachOf(int table, LongConsumer visitor) {
        flush();
        var numbers = new TreeSet<Long>();
        for (var page : file.all("SELECT first, count FROM record_page WHERE table_word = ?", row -> new long[] {row.getLong(1), row.getLong(2)}, table))
            for (long number = page[0]; number < page[0] + page[1]; number++) numbers.add(number);
        if (anyRows) {
            for (long other : file.all("SELECT number FROM record WHERE table_word <> ?", row -> row.getLong(1), table)) numbers.remove(other);
            numbers.addAll(file.all("SELECT number FROM record WHERE table_word = ?", row -> row.getLong(1), table));
        }
        for (long number : List.copyOf(numbers)) visitor.accept(number);
    }
}
