package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.ChangeSetTooLarge;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.TableView.Observed;
import dev.waggle.apps.table.TableView.Shown;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// One tracked file, its log and its view, and the two rounds that keep them equal. Used by one thread at a time.
///
/// The view holds what the file holds: all entries up to [#folded], and this node's own later ones, which came from the file. So what a program
/// writes is always based on what it saw. Own entries are therefore folded as soon as they are written, ahead of others' entries that
/// have not reached the file yet; the fold is a pure function of the events, so their order does not matter.
final class Follower implements AutoCloseable {
    private static final int REFUSED_MAX = 100;
    private static final int READ_ENTRIES = 250;
    private static final int READ_BYTES = 1 << 20;
    /// Records that may be touched before they are settled, and rows that may wait for the file: what bounds memory, whatever the log holds.
    static final int PIECE_ROWS = 1_024;
    /// Below this many own entries the file's applied cursor may lag: moving it is a write to the user's file.
    private static final int APPLIED_LAG_MAX = 1_000;
    /// What was written during a drain of fewer is little enough to be drained under the file's lock.
    private static final int DRAINED_FEW = 512;
    /// How long what others wrote may wait for what programs write meanwhile. A long queue is drained first, however long it takes: never under the lock.
    private static final long DRAIN_NS = 500_000_000;

    final EventLog log;
    private final Supplier<Author> author;
    private final LongSupplier clockMs;
    private final FileView.Opener views;
    final LockTime lockTime = new LockTime(System::nanoTime);

    final UserFile file;
    FileView view;
    FileState state;
    FileSchema schema;
    UserTriggers userTriggers = UserTriggers.none();
    final Map<String, TableSql> tables = new TreeMap<>();
    CaptureCursor cursor;

    /// All entries up to here are in the view.
    long folded;
    /// Entries up to here were looked at for own ones.
    private long scanned;
    /// Own entries beyond [#folded] that are in the view already.
    private final Set<Long> ahead = new HashSet<>();
    /// What the file still has to become. The view is not committed while this is not empty.
    private final RowWriter.Wanted pending = new RowWriter.Wanted();
    private final Set<String> toCompare = new HashSet<>();
    final List<RowWriter.Refused> refused = new ArrayList<>();
    long keyless;
    private boolean lost;

    Follower(UserFile file, EventLog log, Supplier<Author> author, LongSupplier clockMs, FileView.Opener views) {
        this.file = file;
        this.log = log;
        this.author = author;
        this.clockMs = clockMs;
        this.views = views;
        this.view = views.open();
        this.folded = view.committed();
    }

    NodeId me() {
        return author.get().signer().node();
    }

    // ---- positions -------------------------------------------------------------------------------------------------------------

    /// Takes up the file where it was left.
    ///
    Found takeUp(FileState found) {
        state = found;
        var mark = log.mark(CaptureCursor.MARK).map(CaptureCursor::read);
        if (mark.isEmpty() || !mark.get().fileId().equals(found.fileId())) return takeUpCopy();
        cursor = mark.get();
        long applied = appliedHere();
        boolean strange = !file.snapshot(() -> QueueTable.holds(file.connection(), cursor));
        if (view.committed() > applied && !ownOnly(applied, view.committed())) strange = true;
        if (strange) {
            cursor = file.snapshot(() -> QueueTable.newest(file, found.fileId()));
            if (view.committed() > applied) view = views.reset(view);
        }
        startFrom(view.committed());
        if (folded < applied) {                                       // a crash between the two commits, or a view that was dropped
            foldUpTo(applied);
        }
        foldOwnAhead(strange);                                         // of what the file held once, only which tables there are
        want(view.table().settle());
        return strange ? Found.RESTORED : Found.KNOWN;
    }

    /// How the file stands to the log.
    enum Found {
        KNOWN,
        /// Older than the log thinks: everything in it has to be compared with what it was when it had this age.
        RESTORED,
        /// It was followed by another log, or this log was made anew: rows are compared with all that they ever were.
        COPY
    }

    private Found takeUpCopy() {
        startFrom(view.committed());
        foldUpTo(log.state().lastOffset());
        scanned = folded;
        state = state.ofAnotherFile(folded, lastFoldedId());
        cursor = file.snapshot(() -> QueueTable.newest(file, state.fileId()));
        return Found.COPY;
    }

    private void startFrom(long offset) {
        folded = offset;
        scanned = offset;
        ahead.clear();
        pending.rows().clear();
    }

    /// The file's applied cursor as an offset of this log.
    private long appliedHere() {
        if (state.appliedEvent().isEmpty()) return state.applied();
        var there = log.atOffset(state.applied());
        if (there.isPresent() && eventId(there.get()).equals(state.appliedEvent())) return state.applied();
        return log.find(new dev.waggle.core.event.EventId(state.appliedEvent())).map(Entry.Admitted::offset).orElseThrow(() -> new FileRefused(
            file.path() + " follows another log than this one; join it to the space again"));
    }

    private static String eventId(Entry entry) {
        return entry instanceof Entry.Admitted admitted ? admitted.event().id().hex() : "";
    }

    private boolean ownOnly(long after, long upTo) {
        var me = me();
        long at = after;
        while (at < upTo) {
            var entries = readLog(at);
            if (entries.isEmpty()) return false;
            for (var entry : entries) {
                if (entry.offset() > upTo) return true;
                if (!isOwn(entry, me)) return false;
                at = entry.offset();
            }
        }
        return true;
    }

    private static boolean isOwn(Entry entry, NodeId me) {
        return entry instanceof Entry.Admitted admitted && admitted.event().chain().origin().equals(me) && admitted.verdict() == Verdict.COUNTS;
    }

    /// Folds what the file holds already, or is compared with afterwards. Settles and commits on the way: nothing is wanted of the file.
    void foldUpTo(long offset) {
        while (folded < offset) {
            var entries = readLog(folded);
            if (entries.isEmpty()) break;
            for (var entry : entries) {
                if (entry.offset() > offset) break;
                foldNext(entry);
                if (isPiece(entry)) settleFolded();
            }
        }
        settleFolded();
    }

    private void settleFolded() {
        view.table().settle();
        view.commit(folded);
    }

    List<Entry> readLog(long after) {
        return readLog(log, after);
    }

    static List<Entry> readLog(EventLog log, long after) {
        return log.read(after, READ_ENTRIES, READ_BYTES);
    }

    private boolean isPiece(Entry entry) {
        return isPiece(view, entry);
    }

    /// True when what was folded up to this entry has to be settled before more is folded.
    static boolean isPiece(FileView view, Entry entry) {
        return view.table().unsettled() >= PIECE_ROWS || entry instanceof Entry.Admitted admitted && admitted.event().type().equals(ChangeSetCodec.BULK);
    }

    private void foldNext(Entry entry) {
        if (!ahead.remove(entry.offset())) view.fold(entry);
        folded = entry.offset();
    }

    /// Folds this node's own entries that are not in the view yet, in their order: the file holds what they say.
    private void foldOwnAhead(boolean schemasOnly) {
        var me = me();
        long at = Math.max(folded, scanned);
        for (var entries = readLog(at); !entries.isEmpty(); entries = readLog(at)) {
            for (var entry : entries) {
                at = entry.offset();
                if (entry.offset() <= folded || isAhead(entry.offset()) || !isOwn(entry, me) || schemasOnly && !isSchema(entry)) continue;
                foldAhead(entry, List.of());
            }
        }
        if (!schemasOnly) scanned = at;
    }

    private static boolean isSchema(Entry entry) {
        return entry instanceof Entry.Admitted admitted && admitted.event().type().equals(ChangeSetCodec.SCHEMA);
    }

    private void foldAhead(Entry entry, List<RowChange> written) {
        view.fold(entry, written);
        ahead.add(entry.offset());
        closeGap();
        if (!isPiece(entry)) return;
        want(view.table().settle());
        if (pending.rows().size() >= PIECE_ROWS) forgetWhatStands();
    }

    /// The file holds what its own programs wrote, so of what it has to become little is left. Only while many own entries are folded at once.
    private void forgetWhatStands() {
        file.read(() -> {
            for (var rows = pending.rows().entrySet().iterator(); rows.hasNext(); ) {
                var wanted = rows.next();
                if (agree(tables.get(wanted.getKey().table()).row(wanted.getKey().key()), wanted.getValue())) rows.remove();
            }
            return null;
        });
    }

    private void closeGap() {
        while (ahead.remove(folded + 1)) folded++;
    }

    // ---- writing to the log ----------------------------------------------------------------------------------------------------

    /// Writes what programs did to the log, and folds it.
    void emit(List<Observed> observed, CaptureCursor upTo) {
        var meant = observed.stream().map(this::meant).toList();
        var changes = meant.isEmpty() ? List.<RowChange>of() : view.table().capture(meant);
        if (changes.isEmpty()) {
            if (!upTo.equals(cursor)) log.marks(Map.of(CaptureCursor.MARK, upTo.bytes()));
        } else {
            ChangeSetCodec.Encoded encoded;
            try {
                encoded = ChangeSetCodec.encode(changes);
            } catch (ChangeSetTooLarge e) {                            // beyond what any node takes as one event: it arrives in parts
                if (observed.size() < 2) throw e;
                emit(observed.subList(0, observed.size() / 2), cursor);
                emit(observed.subList(observed.size() / 2, observed.size()), upTo);
                return;
            }
            write(List.of(encoded.draft()), encoded.chunks(), encoded.asRead(), Map.of(CaptureCursor.MARK, upTo.bytes()));
        }
        cursor = upTo;
        want(view.table().settle());
        for (var seen : meant) {                                      // the rules may show something else than what was written
            var at = tables.get(seen.table()).table().at(seen.key());
            var changed = pending.rows().get(at);
            var shown = changed != null && changed.isPresent() ? changed : view.table().shown(seen.table(), seen.key());
            if (agree(seen.row(), shown)) pending.rows().remove(at);
            else pending.should(at, shown);
        }
    }

    /// Writes drafts of this node and folds them.
    ///
    /// @param asRead what the only draft says, empty when it has to be read
    private void write(List<Draft> drafts, List<Chunk> chunks, List<RowChange> asRead, Map<String, byte[]> marks) {
        var written = log.write(author.get(), drafts, chunks, marks, clockMs.getAsLong());
        if (written.isEmpty() || written.getFirst().offset() != Math.max(folded, scanned) + 1 || written.getLast().offset() - written.getFirst().offset() + 1 != written.size()) {
            foldOwnAhead(false);
            return;
        }
        // Nothing came between: no need to read them again. With an event of the log's own before it, a draft may have been rewritten.
        for (var entry : written) foldAhead(entry, written.size() == 1 ? asRead : List.of());
        scanned = written.getLast().offset();
    }

    /// Writes a decision of a person, which the file then has to follow.
    void writeForFile(Draft draft, List<Chunk> chunks) {
        write(List.of(draft), chunks, List.of(), Map.of());
        want(view.table().settle());
    }

    private String lastFoldedId(List<Entry> read) {
        for (var entry : read) if (entry.offset() == folded) return eventId(entry);
        return lastFoldedId();
    }

    String lastFoldedId() {
        return log.atOffset(folded).map(Follower::eventId).orElse("");
    }

    private Observed meant(Observed seen) {
        if (file.textForm() == TextForm.UTF_8 || seen.row().isEmpty()) return seen;
        var shown = view.table().shown(seen.table(), seen.key());
        return new Observed(seen.table(), seen.key(), seen.was(), Optional.of(Same.meant(seen.row().get(), shown, file.textForm())));
    }

    boolean agree(Optional<SortedMap<String, Value>> row, Optional<SortedMap<String, Value>> shown) {
        if (row.isEmpty() || shown.isEmpty()) return row.isEmpty() && shown.isEmpty();
        return row.get() == shown.get() || Same.rows(row.get(), shown.get(), file.textForm());
    }

    /// Adds what the view shows differently now to what the file has to become.
    private void want(List<Shown> settled) {
        for (var shown : settled) {
            var table = tables.get(shown.table());
            if (table == null) continue;                              // written when the file gets such a table
            shown.before().ifPresent(row -> pending.left(table.table().at(row)));
        }
        for (var shown : settled) {
            var table = tables.get(shown.table());
            if (table == null) continue;
            shown.after().ifPresent(row -> pending.stands(table.table().at(row), row));
        }
    }

    /// An own entry that the view has although others before it are not folded yet.
    boolean isAhead(long offset) {
        return ahead.contains(offset);
    }

    /// Changes whenever something was folded.
    long position() {
        return folded + ahead.size();
    }

    boolean hasPending() {
        return !pending.rows().isEmpty();
    }

    /// Keeps the view's transaction small while a table is compared: what is committed came from the file.
    void commitWhatStands() {
        if (!hasPending() && toCompare.isEmpty()) view.commit(folded);
    }

    void should(RowKey key, Optional<SortedMap<String, Value>> row) {
        pending.should(key, row);
    }

    // ---- rounds ----------------------------------------------------------------------------------------------------------------

    boolean isSettled() {
        return !hasWork() && log.state().lastOffset() == position();
    }

    /// Something that is in the view, or was seen in the file, is not in the other yet.
    boolean hasWork() {
        return hasPending() || !toCompare.isEmpty();
    }

    /// One round: what programs wrote into the log, and some of what the log says into the file.
    ///
    /// @return true when there was something to do
    boolean round() throws SQLException {
        boolean wrote = false;
        long began = System.nanoTime();
        for (var drained = drain(); !drained.upTo().equals(cursor); drained = drain()) {
            take(drained);
            wrote = true;
            commitWhatStands();
            if (!drained.more() && (drained.observed().size() < DRAINED_FEW || System.nanoTime() - began > DRAIN_NS)) break;   // who never pauses has written more by now
        }
        compareUncertain();
        if (!isSettled() || folded - state.applied() > APPLIED_LAG_MAX) return applyRound() | wrote;
        if (wrote) view.commit(folded);
        return wrote;
    }

    /// Reads under a snapshot: what is drained goes to the log while nothing of the file is held.
    private Drain.Drained drain() {
        return file.snapshot(this::drainHere);
    }

    private Drain.Drained drainHere() throws SQLException {
        requireKnown();
        return Drain.read(file, tables, cursor);
    }

    /// A queue that was emptied begins its numbers again, and a backup that SQLite itself writes over what a file holds leaves the file where it is.
    ///
    /// @throws FileRestored when the file is not what is remembered of it
    void requireKnown() throws SQLException {
        if (!state.isIn(file) || !QueueTable.holds(file.connection(), cursor)) throw new FileRestored(file.path());
    }

    private void take(Drain.Drained drained) {
        keyless += drained.keyless();
        toCompare.addAll(drained.compare());
        emit(drained.observed(), drained.upTo());
    }

    /// Compares tables of which the queue could not tell all.
    private void compareUncertain() throws SQLException {
        if (toCompare.isEmpty()) return;
        var uncertain = Set.copyOf(toCompare);
        toCompare.clear();
        new Rescan(this, Rescan.KnownRows.NONE, Progress.NONE).compare(uncertain);
    }

    /// Drains under the write lock, folds what the log has next, and writes what then should be shown. The file commits before the view.
    boolean applyRound() {
        var entries = log.read(folded, lockTime.entriesMax(), READ_BYTES);
        for (var entry : entries) if (entry instanceof Entry.Admitted admitted) admitted.event().body();      // parsed before the lock is taken
        lockTime.leaveRoom();
        boolean wasPending = !pending.rows().isEmpty();
        long foldedBefore = folded;
        var stateBefore = state;
        try {
            file.locked(() -> {
                lockTime.begin();
                for (var drained = drainHere(); !drained.upTo().equals(cursor); drained = drainHere()) take(drained);
                lockTime.drained();
                for (var entry : entries) {
                    if (entry.offset() > folded) foldNext(entry);
                    if (lockTime.isUp() || isPiece(entry) || pending.rows().size() >= PIECE_ROWS) break;
                }
                closeGap();
                want(view.table().settle());
                var outcome = new RowWriter(file, tables, userTriggers).write(pending.rows());
                written(outcome);
                state = state.appliedAt(folded, lastFoldedId(entries));
                state.writeApplied(file);
                QueueTable.clean(file, cursor.queueId());
                lockTime.worked();
                return null;
            });
        } catch (FileRestored e) {
            throw e;
        } catch (RuntimeException e) {
            state = stateBefore;
            startOver(e);
            throw e;
        }
        lockTime.end(folded - foldedBefore, entries.size());
        pending.rows().clear();
        view.commit(folded);
        return wasPending || folded > foldedBefore;
    }

    /// Called in the transaction that wrote: what the file refused is kept for people, and our own moving of triggers is no change of schema.
    void written(RowWriter.Outcome outcome) throws SQLException {
        for (var row : outcome.refused()) if (refused.size() < REFUSED_MAX && !refused.contains(row)) refused.add(row);
        if (outcome.rows() > 0 && userTriggers.anyAside()) schema = schema.at(Rows.number(file.connection(), "PRAGMA schema_version"));
    }

    /// A round failed, and what is remembered of the file and its view could not be found out again.
    boolean isLost() {
        return lost;
    }

    /// The file kept nothing of the round; neither must the view. What was drained is in the log and is folded again.
    private void startOver(RuntimeException because) {
        try {
            view.rollback();
            var found = file.snapshot(() -> {
                requireKnown();
                return FileState.read(file.connection()).orElse(state);
            });
            if (takeUp(found) != Found.KNOWN) throw new FileRestored(file.path());
        } catch (FileRestored restored) {
            restored.addSuppressed(because);
            throw restored;
        } catch (RuntimeException e) {
            because.addSuppressed(e);
            lost = true;
        }
    }

    // ---- schema ----------------------------------------------------------------------------------------------------------------

    /// Reads the schema and prepares for the tables that are tracked and here.
    void useSchema(FileSchema read, Set<String> tracked) throws SQLException {
        for (var table : tables.values()) table.close();
        tables.clear();
        schema = read;
        for (var name : tracked) {
            var table = read.tables().get(name);
            if (table != null) tables.put(name, new TableSql(file, withTrackedParents(table, tracked)));
        }
        userTriggers = UserTriggers.of(read, tables.keySet());
    }

    private static TrackedTable withTrackedParents(TrackedTable table, Set<String> tracked) {
        var s = table.schema();
        return TrackedTable.of(new dev.waggle.apps.table.TableSchema(s.name(), s.columns(), s.key(), s.identity(), s.uniques(),
            s.foreignKeys().stream().filter(key -> tracked.contains(key.parent())).toList(), s.withoutRowid(), s.sql()), table.rowidKey());
    }

    List<TrackedTable> tracked() {
        var byName = new HashMap<String, TrackedTable>();
        tables.forEach((name, table) -> byName.put(name, table.table()));
        return FileSchema.parentsFirst(byName);
    }

    /// Writes schema events for what the file has and the space does not know yet: tables, and columns.
    void emitSchemas() {
        var drafts = new ArrayList<Draft>();
        for (var table : tracked()) {
            var known = view.table().schemas().get(table.name());
            if (known == null || !known.columns().stream().map(c -> c.name()).toList().containsAll(table.schema().columns().stream().map(c -> c.name()).toList()))
                drafts.add(ChangeSetCodec.schema(known == null ? table.schema() : table.schema().numberedAs(known)));
        }
        if (drafts.isEmpty()) return;
        write(drafts, List.of(), List.of(), Map.of());
        want(view.table().settle());
    }

    FileView scratchView() {
        return views.scratch();
    }

    Path scratchFile(String name) {
        return views.scratchFile(name);
    }

    @Override public void close() {
        try {
            for (var table : tables.values()) table.close();
        } catch (SQLException e) {
            throw UserFile.problem(file.path(), e);
        } finally {
            try {
                view.close();
            } finally {
                file.close();
            }
        }
    }
}
