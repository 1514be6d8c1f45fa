package dev.waggle.store.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/// Which records want which unique key.
///
/// Keys that nobody else wanted are kept back until [#flush] and then written in pages, 64 neighbours to a row: a table that is filled in the order of
/// its keys costs one insert for 64 rows. A page covers a stretch of keys that no other page covers. A key that several want, or that came to
/// stand between the keys of a page, has a row of its own; who looks for a key looks at both.
final class ClaimIndex {
    private static final int PAGE_KEYS = 64;
    private static final int PAGE_KEYS_MIN = 8;
    private static final int WAITING_MAX = 8_192;
    private static final int ROWS_READ = 500;
    private static final int PAGES_READ = 8;
    /// The page that covers a key or else the next one, and those after it.
    private static final String PAGES_FROM = """
        SELECT first, last, body FROM claim_page
        WHERE first >= ifnull((SELECT max(first) FROM claim_page WHERE first <= ?), ?) AND first < ? ORDER BY first LIMIT\s""" + PAGES_READ;
    private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    /// A stretch of keys, each claimed by one record.
    private record Page(byte[] first, byte[] last, List<byte[]> keys, long[] records) {
        int find(byte[] key) {
            int low = 0;
            for (int high = keys.size() - 1; low <= high; ) {
                int middle = (low + high) >>> 1;
                int order = ORDER.compare(keys.get(middle), key);
                if (order == 0) return middle;
                if (order < 0) low = middle + 1;
                else high = middle - 1;
            }
            return -low - 1;
        }

        boolean covers(byte[] key) {
            return ORDER.compare(first, key) <= 0 && ORDER.compare(key, last) <= 0;
        }
    }

    private record Claim(byte[] key, long record) {}

    private static final Comparator<Claim> CLAIMS = Comparator.comparing(Claim::key, ORDER).thenComparing(Claim::record);

    private final ViewFile file;
    private final Gaps gaps = new Gaps();
    private final TreeMap<byte[], Long> waiting = new TreeMap<>(ORDER);        // claimed by one record and not yet written
    private final Bytes writing = Bytes.writing();
    private Page lastRead;
    private boolean anyRows;
    private boolean anyPages;

    ClaimIndex(ViewFile file) {
        this.file = file;
    }

    /// Forgets what is not in the file.
    void reload() {
        gaps.clear();
        waiting.clear();
        lastRead = null;
        anyRows = file.first("SELECT 1 FROM claim LIMIT 1", row -> row.getInt(1)).isPresent();
        anyPages = file.first("SELECT 1 FROM claim_page LIMIT 1", row -> row.getInt(1)).isPresent();
    }

    /// @see dev.waggle.apps.table.RecordStore#claimants
    List<Long> claimants(byte[] key) {
        var sole = waiting.get(key);
        if (sole != null) return List.of(sole);
        if (gaps.has(key)) return List.of();
        var claimants = written(key);
        if (claimants.isEmpty()) gaps.learn(key, next(key));
        return claimants;
    }

    private List<Long> written(byte[] key) {
        var rows = anyRows ? file.all("SELECT record FROM claim WHERE key = ? ORDER BY record", row -> row.getLong(1), (Object) key) : List.<Long>of();
        var page = page(key);
        int at = page == null ? -1 : page.find(key);
        if (at < 0) return rows;
        if (rows.isEmpty()) return List.of(page.records[at]);
        var all = new ArrayList<>(rows);
        all.add(page.records[at]);
        all.sort(null);
        return all;
    }

    /// The first key after `key` that somebody claims, null for none.
    private byte[] next(byte[] key) {
        var next = waiting.higherKey(key);
        if (anyRows) next = lesser(next, file.first("SELECT key FROM claim WHERE key > ? ORDER BY key LIMIT 1", row -> row.getBytes(1), (Object) key).orElse(null));
        var page = page(key);
        int after = page == null ? 0 : page.find(key);
        if (after < 0) after = -after - 1;
        if (page != null && after < page.keys.size()) return lesser(next, page.keys.get(after));
        if (anyPages) next = lesser(next, file.first("SELECT first FROM claim_page WHERE first > ? ORDER BY first LIMIT 1", row -> row.getBytes(1), (Object) key).orElse(null));
        return next;
    }

    private static byte[] lesser(byte[] one, byte[] other) {
        return one == null || other != null && ORDER.compare(other, one) < 0 ? other : one;
    }

    /// @see dev.waggle.apps.table.RecordStore#claim
    boolean claim(byte[] key, long number) {
        if (gaps.has(key) || claimants(key).isEmpty()) {
            waiting.put(key, number);
            gaps.filled(key);
            if (waiting.size() >= WAITING_MAX) flush();
            return false;
        }
        var sole = waiting.remove(key);
        if (sole != null) insert(key, sole);
        if (!claimants(key).contains(number)) insert(key, number);
        return true;
    }

    private void insert(byte[] key, long number) {
        file.write("INSERT OR IGNORE INTO claim (key, record) VALUES (?, ?)", key, number);
        anyRows = true;
    }

    /// @see dev.waggle.apps.table.RecordStore#unclaim
    void unclaim(byte[] key, long number) {
        if (waiting.remove(key, number)) return;
        if (anyRows) file.write("DELETE FROM claim WHERE key = ? AND record = ?", key, number);
        var page = page(key);
        int at = page == null ? -1 : page.find(key);
        if (at < 0 || page.records[at] != number) return;
        lastRead = null;
        if (page.keys.size() == 1) {
            file.write("DELETE FROM claim_page WHERE first = ?", (Object) page.first);
            return;
        }
        var body = writing.again();
        for (int i = 0; i < page.keys.size(); i++) if (i != at) body.bytes(page.keys.get(i)).number(page.records[i]);
        file.write("UPDATE claim_page SET body = ? WHERE first = ?", body.written(), page.first);
    }

    /// @see dev.waggle.apps.table.RecordStore#forEachClaim
    void forEach(byte[] prefix, LongPredicate visitor) {
        var end = after(prefix);
        var last = new Claim(prefix, 0);
        while (true) {                                          // some at a time: the visitor may use the store meanwhile
            flush();
            var from = last;
            var some = new ArrayList<Claim>();
            Claim upTo = null;                                  // beyond it there may be more than was read
            if (anyRows) {
                some.addAll(file.all("SELECT key, record FROM claim WHERE (key, record) > (?, ?) AND key < ? ORDER BY key, record LIMIT " + ROWS_READ,
                    row -> new Claim(row.getBytes(1), row.getLong(2)), from.key, from.record, end));
                if (some.size() == ROWS_READ) upTo = some.getLast();
            }
            if (anyPages) {
                var pages = file.all(PAGES_FROM, ClaimIndex::read, from.key, from.key, end);
                for (var page : pages)
                    for (int i = 0; i < page.keys.size(); i++) {
                        var claim = new Claim(page.keys.get(i), page.records[i]);
                        if (CLAIMS.compare(claim, from) > 0 && ORDER.compare(claim.key, end) < 0) some.add(claim);
                    }
                if (pages.size() == PAGES_READ) {
                    var read = new Claim(pages.getLast().last, Long.MAX_VALUE);
                    if (upTo == null || CLAIMS.compare(read, upTo) < 0) upTo = read;
                }
            }
            some.sort(CLAIMS);
            for (var claim : some) {
                if (upTo != null && CLAIMS.compare(claim, upTo) > 0) break;
                if (!visitor.test(claim.record)) return;
                last = claim;
            }
            if (upTo == null) return;
            if (last == from) last = upTo;                      // a stretch from which all was taken back
        }
    }

    /// @see dev.waggle.apps.table.RecordStore#lastClaimants
    List<Long> last(byte[] prefix) {
        flush();
        var end = after(prefix);
        byte[] last = null;
        if (anyRows) last = file.first("SELECT key FROM claim WHERE key > ? AND key < ? ORDER BY key DESC LIMIT 1", row -> row.getBytes(1), prefix, end).orElse(null);
        if (anyPages) {
            var page = file.first("SELECT first, last, body FROM claim_page WHERE first < ? AND last > ? ORDER BY first DESC LIMIT 1", ClaimIndex::read, end, prefix);
            if (page.isPresent())
                for (var key : page.get().keys)
                    if (ORDER.compare(key, prefix) > 0 && ORDER.compare(key, end) < 0 && (last == null || ORDER.compare(key, last) > 0)) last = key;
        }
        return last == null ? List.of() : claimants(last);
    }

    /// The least key above all that begin with `prefix`, which ends in 00.
    private static byte[] after(byte[] prefix) {
        var after = Arrays.copyOf(prefix, prefix.length);
        after[after.length - 1]++;
        return after;
    }

    /// Writes what was kept back.
    void flush() {
        if (waiting.isEmpty()) return;
        var all = List.copyOf(waiting.entrySet());
        waiting.clear();
        lastRead = null;
        var rows = new ArrayList<Object[]>();
        for (int from = 0; from < all.size(); from += PAGE_KEYS) {
            var some = all.subList(from, Math.min(all.size(), from + PAGE_KEYS));
            var first = some.getFirst().getKey();
            var last = some.getLast().getKey();
            if (some.size() < PAGE_KEYS_MIN || isCovered(first, last)) for (var claim : some) rows.add(new Object[] {claim.getKey(), claim.getValue()});
            else writePage(first, last, some);
        }
        if (rows.isEmpty()) return;
        file.writeAll("INSERT OR IGNORE INTO claim (key, record) VALUES (?, ?)", rows);
        anyRows = true;
    }

    private boolean isCovered(byte[] first, byte[] last) {
        return anyPages && file.first("SELECT last FROM claim_page WHERE first <= ? ORDER BY first DESC LIMIT 1", row -> row.getBytes(1), (Object) last)
            .filter(end -> ORDER.compare(end, first) >= 0).isPresent();
    }

    private void writePage(byte[] first, byte[] last, List<Map.Entry<byte[], Long>> claims) {
        var body = writing.again();
        for (var claim : claims) body.bytes(claim.getKey()).number(claim.getValue());
        file.write("INSERT INTO claim_page (first, last, body) VALUES (?, ?, ?)", first, last, body.written());
        anyPages = true;
    }

    /// The page that covers a key, null for none.
    private Page page(byte[] key) {
        if (!anyPages) return null;
        if (lastRead == null || !lastRead.covers(key)) {
            var found = file.first("SELECT first, last, body FROM claim_page WHERE first <= ? ORDER BY first DESC LIMIT 1", ClaimIndex::read, (Object) key);
            if (found.isEmpty() || !found.get().covers(key)) return null;
            lastRead = found.get();
        }
        return lastRead;
    }

    private static Page read(java.sql.ResultSet row) throws java.sql.SQLException {
        var keys = new ArrayList<byte[]>(PAGE_KEYS);
        var records = new long[PAGE_KEYS];
        for (var in = Bytes.reading(row.getBytes(3)); !in.atEnd(); ) {
            keys.add(in.bytes());
            records[keys.size() - 1] = in.number();
        }
        return new Page(row.getBytes(1), row.getBytes(2), keys, records);
    }
}
