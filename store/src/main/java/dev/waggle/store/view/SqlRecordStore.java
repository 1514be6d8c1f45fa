package dev.waggle.store.view;

import dev.waggle.apps.table.Change;
import dev.waggle.apps.table.EventLine;
import dev.waggle.apps.table.RecordId;
import dev.waggle.apps.table.RecordState;
import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.record.Value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// The records of a table view in a SQLite file of its own. One thread.
///
/// Everything is written between [#begin] and [#commit]; when that is belongs to the caller, because the user's file commits first
/// (docs/decisions.md, "The file commits before the view"). After [#rollback] a new view must be made over this store.
///
/// What is new is kept back until the commit and written in pages ([RecordPages], [ClaimIndex]). A record is found by its event's line, so integer-keyed
/// tables have no index over random ids.
public final class SqlRecordStore implements RecordStore, AutoCloseable {
    private static final int RECORDS_CACHED_MAX = 8_192;
    /// Larger ones are read again when they are needed.
    private static final int CACHED_BYTES_MAX = 8 * 1024;
    private static final int LINES_CACHED_MAX = 1_024;
    private static final int NEW_LINES_MAX = 8_192;
    private static final String CURSOR = "cursor";

    private final ViewFile file;
    private final Numbers numbers;
    private final RecordBytes format;
    private final Map<Long, RecordBytes.Stored> records = lru(RECORDS_CACHED_MAX);
    private final Map<EventId, byte[]> packedRecords = lru(LINES_CACHED_MAX);
    private final Map<ChainId, TreeMap<Integer, EventLine>> tips = new HashMap<>();
    private final Map<ChainId, Boolean> tipsChanged = new LinkedHashMap<>();
    private final Map<Long, RecordId> created = new LinkedHashMap<>();         // not yet put
    private final Map<EventId, Map<Integer, Long>> unlisted = new HashMap<>(); // created, not yet found through the line of their event
    private final Map<EventId, NewLine> newLines = new LinkedHashMap<>();      // not yet written
    private final ClaimIndex claims;
    private final RecordPages pages;
    private final Map<Long, Change> firstChanges = new LinkedHashMap<>();      // the first change of records not yet put since
    private final Bytes writing = Bytes.writing();
    private long lastRecord;
    private long cursor;
    private boolean cursorMoved;

    private record NewLine(long number, EventLine line) {}

    private SqlRecordStore(ViewFile file) {
        this.file = file;
        numbers = new Numbers(file);
        format = new RecordBytes(numbers);
        claims = new ClaimIndex(file);
        pages = new RecordPages(file);
        load();
    }

    /// Opens or creates the view's file. One of another code version is emptied: the log gives everything back.
    ///
    /// @throws ViewUnavailable when it cannot be opened
    public static SqlRecordStore open(Path file) {
        return new SqlRecordStore(new ViewFile(file));
    }

    private void load() {
        claims.reload();
        lastRecord = pages.reload();
        cursor = meta(CURSOR).map(bytes -> Bytes.reading(bytes).number()).orElse(0L);
        cursorMoved = false;
    }

    private static <K, V> Map<K, V> lru(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        };
    }

    /// Begins a transaction; everything that writes needs one.
    public void begin() {
        file.begin();
    }

    public void commit() {
        flush();
        file.commit();
    }

    /// Takes back everything since [#begin]. Does nothing outside a transaction.
    public void rollback() {
        file.rollback();
        forget();
    }

    private void forget() {
        for (var map : List.of(records, packedRecords, tips, tipsChanged, created, unlisted, firstChanges, newLines)) map.clear();
        numbers.reload();
        format.reload();
        load();
    }

    /// Empties the view: it will be replayed from the log.
    public void clear() {
        boolean own = !file.inTransaction();
        if (own) begin();
        for (var table : ViewFile.TABLES) file.write("DELETE FROM " + table);
        forget();
        if (own) file.commit();
    }

    private void flush() {
        for (var number : List.copyOf(created.keySet())) put(RecordState.unknown(number, created.get(number)));
        firstChanges.forEach(this::insertChange);
        firstChanges.clear();
        unlisted.forEach((event, items) -> items.forEach((item, number) -> name(RecordId.created(new VersionId(event, item)), number)));
        unlisted.clear();
        for (var chain : tipsChanged.keySet())
            for (var tip : tips.get(chain).values())
                file.write("INSERT OR REPLACE INTO tip (chain, branch, event) VALUES (?, ?, ?)", numbers.chain(chain), tip.branch(), numbers.of(tip.id()));
        tipsChanged.clear();
        pages.flush();
        claims.flush();
        flushLines();
        if (cursorMoved) putMeta(CURSOR, Bytes.writing().number(cursor).written());
        cursorMoved = false;
        if (tips.size() > 1_000) tips.clear();
    }

    @Override public long cursor() {
        return cursor;
    }

    @Override public void cursor(long offset) {
        if (!file.inTransaction()) throw new IllegalStateException("begin() first");
        cursor = offset;
        cursorMoved = true;
    }

    // Events

    /// Writes the lines that were kept back, in order of their numbers, and the index over their ids.
    private void flushLines() {
        var rows = new ArrayList<Object[]>(newLines.size());
        for (var each : newLines.values()) {
            var line = each.line;
            rows.add(new Object[] {each.number, line.id().bytes(), numbers.chain(line.chain()), line.branch(), line.seq(), line.counts() ? 1 : 0, pack(line.records())});
        }
        if (!rows.isEmpty()) file.writeAll("INSERT INTO event (number, id, chain, branch, seq, counts, records) VALUES (?, ?, ?, ?, ?, ?, ?)", rows);
        newLines.clear();
        numbers.flush();
    }

    @Override public Optional<EventLine> event(EventId id) {
        var fresh = newLines.get(id);
        if (fresh != null) return Optional.of(fresh.line);
        return numbers.known(id).flatMap(number -> file.first("""
            SELECT event.*, chain.text FROM event JOIN chain ON chain.number = event.chain WHERE event.number = ?
            """, SqlRecordStore::line, number));
    }

    private static EventLine line(java.sql.ResultSet row) throws java.sql.SQLException {
        return new EventLine(EventId.of(row.getBytes("id")), ChainId.parse(row.getString("text")), row.getInt("branch"), row.getLong("seq"),
            row.getInt("counts") == 1, unpack(row.getBytes("records")));
    }

    /// Runs of consecutive numbers: an event that inserts a thousand rows costs a few bytes.
    private byte[] pack(List<Long> records) {
        var out = writing.again();
        for (int i = 0; i < records.size(); ) {
            int run = 1;
            while (i + run < records.size() && records.get(i + run) == records.get(i) + run) run++;
            out.number(records.get(i)).number(run);
            i += run;
        }
        return out.written();
    }

    private static List<Long> unpack(byte[] packed) {
        var records = new ArrayList<Long>();
        for (var in = Bytes.reading(packed); !in.atEnd(); ) {
            long first = in.number();
            long run = in.number();
            for (long i = 0; i < run; i++) records.add(first + i);
        }
        return records;
    }

    private static OptionalLong unpack(byte[] packed, int item) {
        long passed = 0;
        for (var in = Bytes.reading(packed); !in.atEnd(); ) {
            long first = in.number();
            long run = in.number();
            if (item < passed + run) return OptionalLong.of(first + item - passed);
            passed += run;
        }
        return OptionalLong.empty();
    }

    @Override public void addEvent(EventLine line) {
        if (!file.inTransaction()) throw new IllegalStateException("begin() first");
        if (numbers.isMentioned(line.id())) update(line, numbers.of(line.id()));
        else {
            newLines.put(line.id(), new NewLine(numbers.reserve(line.id()), line));
            if (newLines.size() >= NEW_LINES_MAX) flushLines();
        }
        follow(line);
    }

    @Override public void putEvent(EventLine line) {
        var fresh = newLines.get(line.id());
        if (fresh == null) update(line, numbers.of(line.id()));
        else newLines.put(line.id(), new NewLine(fresh.number, line));
        follow(line);
    }

    private void update(EventLine line, long number) {
        file.write("UPDATE event SET chain = ?, branch = ?, seq = ?, counts = ?, records = ? WHERE number = ?", numbers.chain(line.chain()), line.branch(), line.seq(),
            line.counts() ? 1 : 0, pack(line.records()), number);
        numbers.listed(line.id());
    }

    /// Keeps what follows from a line up to date: its branch's tip, and names of records that are found through it now.
    private void follow(EventLine line) {
        packedRecords.remove(line.id());
        var branches = branches(line.chain());
        var tip = branches.get(line.branch());
        if (tip == null || tip.seq() <= line.seq()) {
            branches.put(line.branch(), new EventLine(line.id(), line.chain(), line.branch(), line.seq(), line.counts(), List.of()));
            tipsChanged.put(line.chain(), true);
        }
        var waiting = unlisted.remove(line.id());
        if (waiting == null) return;
        waiting.entrySet().removeIf(entry -> entry.getKey() < line.records().size() && line.records().get(entry.getKey()).equals(entry.getValue()));
        waiting.forEach((item, number) -> name(RecordId.created(new VersionId(line.id(), item)), number));
    }

    private void name(RecordId id, long number) {
        file.write("INSERT OR REPLACE INTO named (id, record) VALUES (?, ?)", id.text(), number);
    }

    @Override public List<EventLine> events(ChainId chain, int branch, long fromSeq, long toSeq) {
        if (!newLines.isEmpty()) flushLines();
        var number = numbers.knownChain(chain);
        if (number.isEmpty()) return List.of();
        return file.all("""
            SELECT event.*, chain.text FROM event JOIN chain ON chain.number = event.chain
            WHERE event.chain = ? AND event.branch = ? AND event.seq BETWEEN ? AND ? ORDER BY event.seq
            """, SqlRecordStore::line, number.get(), branch, fromSeq, toSeq);
    }

    @Override public List<EventLine> tips(ChainId chain) {
        return List.copyOf(branches(chain).values());
    }

    private TreeMap<Integer, EventLine> branches(ChainId chain) {
        return tips.computeIfAbsent(chain, _ -> {
            var found = new TreeMap<Integer, EventLine>();
            numbers.knownChain(chain).ifPresent(number -> file.all("""
                SELECT event.*, chain.text FROM tip JOIN event ON event.number = tip.event JOIN chain ON chain.number = event.chain WHERE tip.chain = ?
                """, SqlRecordStore::line, number).forEach(line -> found.put(line.branch(), line)));
            return found;
        });
    }

    // Records

    @Override public OptionalLong find(RecordId id) {
        if (id.isCreated()) {
            var version = id.creator();
            var waiting = unlisted.get(version.event());
            if (waiting != null && waiting.containsKey(version.item())) return OptionalLong.of(waiting.get(version.item()));
            if (numbers.known(version.event()).isEmpty()) return OptionalLong.empty();
            var listed = unpack(packedRecords(version.event()), version.item());
            if (listed.isPresent() && get(listed.getAsLong()).id().equals(id)) return listed;      // else the item changed another record
        }
        return file.first("SELECT record FROM named WHERE id = ?", row -> row.getLong(1), id.text()).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override public boolean isMentioned(EventId event) {
        return numbers.isMentioned(event) || unlisted.containsKey(event);
    }

    private byte[] packedRecords(EventId event) {
        var fresh = newLines.get(event);
        if (fresh != null) return pack(fresh.line.records());
        return packedRecords.computeIfAbsent(event, id -> file.first("SELECT records FROM event WHERE number = ? AND records IS NOT NULL", row -> row.getBytes(1),
            numbers.of(id)).orElse(new byte[0]));
    }

    @Override public long create(RecordId id) {
        if (!file.inTransaction()) throw new IllegalStateException("begin() first");
        long number = ++lastRecord;
        created.put(number, id);
        if (id.isCreated()) unlisted.computeIfAbsent(id.creator().event(), _ -> new HashMap<>()).put(id.creator().item(), number);
        else name(id, number);
        return number;
    }

    @Override public RecordState get(long number) {
        return stored(number).state();
    }

    @Override public Optional<SortedMap<String, Value>> shown(long number) {
        var cached = records.get(number);
        if (cached != null || created.containsKey(number)) return get(number).shown();
        return format.readShown(body(number));
    }

    private byte[] body(long number) {
        return pages.get(number).orElseThrow(() -> new IllegalArgumentException("no record has the number " + number));
    }

    private RecordBytes.Stored stored(long number) {
        var cached = records.get(number);
        if (cached != null) return cached;
        var id = created.get(number);
        if (id != null) return new RecordBytes.Stored(RecordState.unknown(number, id), null);
        var body = body(number);
        return cache(format.read(number, body), body);
    }

    private RecordBytes.Stored cache(RecordBytes.Stored stored, byte[] body) {
        if (body.length <= CACHED_BYTES_MAX) records.put(stored.state().number(), stored);
        else records.remove(stored.state().number());
        return stored;
    }

    @Override public void put(RecordState state) {
        boolean isNew = created.remove(state.number()) != null;
        var first = firstChanges.remove(state.number());
        var only = first != null ? first : isNew ? null : stored(state.number()).only();
        var stored = new RecordBytes.Stored(state, only);
        var table = state.folded().table();
        var body = format.write(stored);
        if (!file.inTransaction()) throw new IllegalStateException("begin() first");
        pages.put(state.number(), table.isEmpty() ? 0 : numbers.word(table), body, isNew);
        if (!isNew) cache(stored, body);             // a table that is filled would push out what is used
    }

    @Override public List<Change> changes(long number) {
        var first = firstChanges.get(number);
        if (first != null) return List.of(first);
        var only = stored(number).only();
        if (only != null) return List.of(only);
        return file.all("SELECT body FROM change WHERE record = ?", row -> format.readChange(row.getBytes(1)), number);
    }

    @Override public long changesCount(long number) {
        return hasOneChange(number) ? 1 : file.first("SELECT count(*) FROM change WHERE record = ?", row -> row.getLong(1), number).orElse(0L);
    }

    @Override public List<Change> newestChanges(long number, int max) {
        if (hasOneChange(number)) return changes(number);
        return file.all("SELECT body FROM change WHERE record = ? ORDER BY event DESC, item DESC LIMIT ?", row -> format.readChange(row.getBytes(1)), number, max);
    }

    private boolean hasOneChange(long number) {
        return firstChanges.containsKey(number) || stored(number).only() != null;
    }

    @Override public void add(long number, Change change) {
        if (created.containsKey(number) && !firstChanges.containsKey(number)) {
            firstChanges.put(number, change);
            return;
        }
        spill(number);
        insertChange(number, change);
    }

    /// A record's only change moves to the table of changes, where the others will be.
    private void spill(long number) {
        var first = firstChanges.remove(number);
        if (first != null) insertChange(number, first);
        if (created.containsKey(number)) {
            put(RecordState.unknown(number, created.get(number)));
            return;
        }
        var stored = stored(number);
        if (stored.only() == null) return;
        insertChange(number, stored.only());
        var spilled = new RecordBytes.Stored(stored.state(), null);
        var body = format.write(spilled);
        var table = stored.state().folded().table();
        pages.put(number, table.isEmpty() ? 0 : numbers.word(table), body, false);
        cache(spilled, body);
    }

    private void insertChange(long number, Change change) {
        file.write("INSERT OR REPLACE INTO change (record, event, item, body) VALUES (?, ?, ?, ?)", number, numbers.of(change.version().event()),
            change.version().item(), format.write(change));
    }

    @Override public void replace(long number, List<Change> changes) {
        spill(number);
        file.write("DELETE FROM change WHERE record = ?", number);
        changes.forEach(change -> insertChange(number, change));
    }

    @Override public void forEachOf(String table, LongConsumer visitor) {
        var word = numbers.knownWord(table);
        if (word.isEmpty()) return;
        pages.forEachOf(word.get(), visitor);
    }

    // What leads from one record to others

    @Override public List<Long> children(long parent) {
        return file.all("SELECT child FROM link WHERE parent = ? ORDER BY child", row -> row.getLong(1), parent);
    }

    @Override public void link(long parent, long child) {
        file.write("INSERT OR IGNORE INTO link (parent, child) VALUES (?, ?)", parent, child);
    }

    @Override public void unlink(long parent, long child) {
        file.write("DELETE FROM link WHERE parent = ? AND child = ?", parent, child);
    }

    @Override public List<Long> claimants(byte[] key) {
        return claims.claimants(key);
    }

    @Override public boolean claim(byte[] key, long number) {
        if (!file.inTransaction()) throw new IllegalStateException("begin() first");
        return claims.claim(key, number);
    }

    @Override public void unclaim(byte[] key, long number) {
        claims.unclaim(key, number);
    }

    @Override public void forEachClaim(byte[] prefix, LongPredicate visitor) {
        claims.forEach(prefix, visitor);
    }

    @Override public List<Long> lastClaimants(byte[] prefix) {
        return claims.last(prefix);
    }

    @Override public void conflicted(long number, boolean yes) {
        if (yes) file.write("INSERT OR IGNORE INTO conflicted (record) VALUES (?)", number);
        else file.write("DELETE FROM conflicted WHERE record = ?", number);
    }

    @Override public List<Long> conflicted() {
        return file.all("SELECT record FROM conflicted ORDER BY record", row -> row.getLong(1));
    }

    @Override public Optional<byte[]> meta(String name) {
        return file.first("SELECT value FROM meta WHERE name = ?", row -> row.getBytes(1), name);
    }

    @Override public void putMeta(String name, byte[] value) {
        file.write("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
    }

    @Override public SortedMap<String, byte[]> metas(String prefix) {
        var found = new TreeMap<String, byte[]>();
        for (var meta : file.all("SELECT name, value FROM meta WHERE name >= ? AND name < ?", row -> Map.entry(row.getString(1), row.getBytes(2)), prefix, prefix + "\uffff"))
            found.put(meta.getKey(), meta.getValue());
        return found;
    }

    @Override public void close() {
        file.rollback();
        file.close();
    }
}
