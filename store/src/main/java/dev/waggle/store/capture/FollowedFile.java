package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.view.ViewUnavailable;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What can be asked of one file, for the thread that owns it.
final class FollowedFile {
    private static final List<String> ADVICE = List.of(
        "Set a busy timeout in every program (PRAGMA busy_timeout = 5000): Waggle writes too.",
        "Begin transactions that write with BEGIN IMMEDIATE.",
        "Two machines may hand out the same integer key while apart: both rows survive, one keeps the key, the other is kept as a conflict.",
        "A transaction over several files is whole only within each of them.",
        "Drop a UNIQUE index and its column in two transactions: Waggle's trigger for the index goes in between.");

    /// How long a file may be missing, or something else, before that is more than a moment.
    private static final long MOMENT_NS_MAX = 2_000_000_000L;

    private final Path path;
    private final EventLog log;
    private final Supplier<Author> author;
    private final LongSupplier clockMs;
    private final FileView.Opener views;
    private Follower follower;             // null while there is no file
    private Upkeep upkeep;
    private ConflictCount conflictCount;
    private Object identity;               // of the file on disk: a file put in its place has another
    private boolean expected;              // it is followed: that none is there, or one that is not tracked, is a failure
    private long missingSinceNs;           // 0 while it is there
    private long strangeSinceNs;           // 0 while it is what it was
    private Written written;               // the file itself, journal aside, when it was looked at last
    private Written judged;                // as it was when `bare` was read
    private BareFile bare;                 // null until it was read
    private boolean journalled;            // in WAL mode
    private long opened;                   // how often: each connection counts commits on its own

    private record Written(FileTime time, long bytes) {}

    FollowedFile(Path path, EventLog log, Supplier<Author> author, LongSupplier clockMs, FileView.Opener views) {
        this.path = path;
        this.log = log;
        this.author = author;
        this.clockMs = clockMs;
        this.views = views;
    }

    Path path() {
        return path;
    }

    /// From now on a file that is not there, or is not tracked, is a failure.
    void expect() {
        expected = true;
    }

    /// @throws FileRefused while there is no file
    Follower current() {
        if (follower == null) throw new FileRefused("there is no file " + path + "; name one that exists, or let `join` make it");
        return follower;
    }

    boolean isTracked() {
        return follower != null && follower.state != null;
    }

    Void open(boolean create) throws SQLException {
        var file = create ? UserFile.openOrCreate(path, UserFile.LOCK_WAIT_MS) : UserFile.open(path, UserFile.LOCK_WAIT_MS);
        try {
            var state = file.snapshot(() -> FileState.read(file.connection()));
            if (state.isPresent() && !state.get().space().equals(log.space().hex()))
                throw new FileRefused(path + " follows another space (" + state.get().space() + "); untrack it there first");
            follower = new Follower(file, log, author, clockMs, views);
            opened++;
            upkeep = new Upkeep(follower);
            conflictCount = new ConflictCount(System::nanoTime);
            identity = identityOnDisk();
            judged = null;
            bare = null;
            if (state.isPresent()) upkeep.takeUp(state.get(), Progress.NONE);
        } catch (RuntimeException | SQLException e) {
            if (follower != null) close();
            else file.close();
            throw e;
        }
        return null;
    }

    private Object identityOnDisk() {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            var key = attributes.fileKey();
            missingSinceNs = 0;
            written = new Written(attributes.lastModifiedTime(), attributes.size());
            return key == null ? path : key;
        } catch (IOException e) {
            throw missing(e);
        }
    }

    /// Programs replace files by moving others there: one that is missing for a moment is waited for.
    private RuntimeException missing(IOException e) {
        if (missingSinceNs == 0) missingSinceNs = System.nanoTime();
        if (isMoment(missingSinceNs)) return new FileUnavailable(path + " is not there", e);
        return new FileRefused(path + " is not there any more; put it back and it is followed again, or `waggle untrack` it and join the space again", e);
    }

    private static boolean isMoment(long sinceNs) {
        return System.nanoTime() - sinceNs < MOMENT_NS_MAX;
    }

    /// Something may have been written over the file while its journal hides that. Nothing more is read or written then: it would be a mixture of both.
    private void refuseWrittenOver() throws SQLException {
        if (written.equals(judged)) return;
        journalled = follower.file.hasWal();
        if (journalled) {
            var found = BareFile.read(path);
            if (found.isPresent()) {
                if (bare != null && !found.get().isBetween(bare, follower.file)) throw writtenOver();
                bare = found.get();
                if (!bare.isTracked() && judged == null) follower.file.checkpoint();      // so that it says whose it is, from now on
            }
        }
        strangeSinceNs = 0;
        judged = written;
    }

    private RuntimeException writtenOver() {
        var cause = new FileSystemException(path.toString(), null, "written over");
        if (strangeSinceNs == 0) strangeSinceNs = System.nanoTime();
        if (isMoment(strangeSinceNs)) return new FileUnavailable(path + " is being written over", cause);
        return new FileRefused(path + " was written over while its journal was in use; put back what was there, or delete it with its -wal and -shm before a backup is put there", cause);
    }

    /// Another file may have been put in the place of ours (a restored backup): then it is taken up anew.
    private void reopenIfReplaced() throws SQLException {
        if (identityOnDisk().equals(identity) && isTracked()) return;
        reopen();
    }

    private void reopen() throws SQLException {
        close();
        open(false);
        if (follower.state == null) throw new FileRefused(path + " was replaced by a file that is not tracked; put the tracked one back, or `waggle untrack` it and join the space again");
    }

    // ---- rounds ----------------------------------------------------------------------------------------------------------------

    /// @return true when there may be more to do
    boolean pass() throws SQLException {
        if (!isTracked() && !expected) return false;
        reopenIfReplaced();
        refuseWrittenOver();
        try {
            follower.file.snapshot(() -> {
                follower.requireKnown();                          // before its schema is taken for what programs made of it
                return null;
            });
            boolean changed = upkeep.check(Progress.NONE);
            return follower.round() | changed | !follower.isSettled();
        } catch (FileRestored _) {
            expected = true;
            reopen();
            return true;
        } catch (RuntimeException e) {
            if (e instanceof ViewUnavailable || follower.isLost()) openAnew(e);
            throw e;
        }
    }

    /// What is remembered of the file and its view does not hold any more: both are looked at as at a start, now or, while that fails, by a later pass.
    private void openAnew(RuntimeException because) {
        expected |= isTracked();
        try {
            close();
            open(false);
        } catch (RuntimeException | SQLException e) {
            because.addSuppressed(e);
        }
    }

    /// Changes whenever another connection commits, and whenever the file is opened again.
    long dataVersion() {
        return isTracked() ? opened << 32 | follower.file.dataVersion() : 0;
    }

    /// True when another connection committed since `seen`, or another file stands in our file's place or was written into it.
    boolean changedOnDisk(long seen) {
        if (follower == null) return expected;
        return isTracked() && (dataVersion() != seen || !identityOnDisk().equals(identity) || journalled && !written.equals(judged));
    }

    void syncNow() throws SQLException {
        if (!isTracked() && !expected) return;
        long until = log.state().lastOffset();
        for (int rounds = 1; pass(); rounds++)
            if (rounds > 2 && follower.folded >= until && !follower.hasWork()) return;
    }

    // ---- track and join ----------------------------------------------------------------------------------------------------------

    TrackReport track(List<String> names, Progress progress) throws SQLException {
        var file = current().file;
        var schema = file.snapshot(() -> FileSchema.read(file.connection()));
        var refused = new ArrayList<Refusal>();
        var wanted = new TreeSet<String>();
        for (var name : names.isEmpty() ? schema.tables().keySet() : names) {
            var table = schema.tables().get(name);
            var objection = table == null ? schema.refused().stream().filter(refusal -> refusal.table().equals(name)).findFirst()
                .or(() -> java.util.Optional.of(new Refusal(name, Refusal.Reason.MISSING, ""))) : file.snapshot(() -> FileSchema.nullKey(file.connection(), table));
            objection.ifPresentOrElse(refused::add, () -> wanted.add(name));
        }
        if (names.isEmpty()) refused.addAll(schema.refused());
        if (wanted.isEmpty() || !names.isEmpty() && !refused.isEmpty())
            throw new FileRefused(refused.isEmpty() ? path + " has no tables; make them first" : refused.stream().map(Refusal::sentence).collect(Collectors.joining("\n")));
        if (follower.state == null) begin();
        boolean all = names.isEmpty() || follower.state.all();
        wanted.addAll(follower.state.tables().keySet());
        long rows = follow(schema, wanted, all, Upkeep.Kind.ADOPT, progress);
        return new TrackReport(follower.tracked().stream().map(TrackedTable::name).toList(), rows, refused, ADVICE);
    }

    /// A file that is not tracked yet starts where the log is.
    private void begin() {
        foldAll();
        follower.state = new FileState(FileState.newId(), log.space().hex(), follower.folded, follower.lastFoldedId(), false, new TreeMap<>());
        follower.cursor = CaptureCursor.start(follower.state.fileId());
    }

    private void foldAll() {
        try {
            follower.foldUpTo(log.state().lastOffset());
        } catch (ViewUnavailable e) {
            openAnew(e);
            throw e;
        }
    }

    private long follow(FileSchema schema, TreeSet<String> wanted, boolean all, Upkeep.Kind kind, Progress progress) throws SQLException {
        var fresh = wanted.stream().filter(name -> !follower.state.tables().containsKey(name)).map(name -> new Upkeep.Work(kind, name)).toList();
        follower.useSchema(schema, wanted);
        log.marks(Map.of(CaptureCursor.MARK, follower.cursor.bytes()));
        upkeep.note(fresh);
        upkeep.install(all);
        follower.emitSchemas();
        long rows = upkeep.doNoted(progress);
        syncNow();
        return rows;
    }

    JoinPlan plan(Progress progress) throws SQLException {
        if (follower == null) {
            try (var scratch = views.scratch()) {
                long at = 0;
                for (var entries = log.read(at, 1_000, 1 << 20); !entries.isEmpty(); entries = log.read(at, 1_000, 1 << 20))
                    for (var entry : entries) {
                        if (!(entry instanceof Entry.Admitted(_, var event, _) && ChangeSetCodec.isChangeSet(event))) scratch.fold(entry);   // schemas only
                        at = entry.offset();
                        if (Follower.isPiece(scratch, entry)) scratch.table().settle();
                    }
                scratch.table().settle();
                return Joining.forNewFile(scratch.table().schemas());
            }
        }
        if (isTracked()) syncNow();
        else foldAll();
        return new Joining(follower).plan(progress);
    }

    JoinReport join(Adopt adopt, Progress progress) throws SQLException {
        boolean made = follower == null;
        if (made) open(true);
        var plan = plan(progress);
        if (adopt == Adopt.ASK && plan.differentRows() > 0) return new JoinReport(false, plan, List.of());
        if (made) Rows.run(follower.file.connection(), "PRAGMA journal_mode = WAL");        // nobody chose one yet: readers and writers do not block each other in it
        var joining = new Joining(follower);
        joining.create(plan.create());
        if (follower.state == null) begin();
        var schema = follower.file.snapshot(() -> FileSchema.read(follower.file.connection()));
        var wanted = new TreeSet<>(follower.state.tables().keySet());
        wanted.addAll(plan.create());
        plan.tables().forEach(table -> wanted.add(table.table()));
        wanted.retainAll(schema.tables().keySet());
        var lockTime = follower.lockTime;
        lockTime.alone(made);
        try {
            follow(schema, wanted, follower.state.all() || made, adopt == Adopt.THEIRS ? Upkeep.Kind.ADOPT_THEIRS : Upkeep.Kind.ADOPT, progress);
        } finally {
            lockTime.alone(false);
        }
        return new JoinReport(true, plan, joining.notes());
    }

    /// @throws FileUnavailable while something else stands where the followed file should be
    FollowStatus status(EventLog of) throws SQLException {
        if (!isTracked() && expected) throw new FileUnavailable(path + " cannot be followed", null);
        if (!isTracked())
            return new FollowStatus(FollowStatus.State.NOT_TRACKED, "", 0, 0, 0, of.state().lastOffset(), 0, 0, List.of(), List.of(), java.util.Optional.empty());
        long depth = follower.file.snapshot(() -> QueueTable.depth(follower.file.connection(), follower.cursor.queueId()));
        var missing = follower.state.tables().keySet().stream().filter(name -> !follower.tables.containsKey(name)).toList();
        return new FollowStatus(FollowStatus.State.WORKING, "", depth, follower.cursor.queueId(), follower.folded, of.state().lastOffset(),
            conflictCount.of(follower.position(), follower.view.table()::conflictCount), follower.keyless, follower.refused.stream().map(row -> row.row().show() + ": " + row.reason()).toList(),
            missing, java.util.Optional.empty());
    }

    /// What is no database any more holds nothing that could be taken out.
    void untrack() throws SQLException {
        expected = false;
        if (!isTracked()) return;
        try {
            syncNow();
        } catch (FileRefused refused) {
            if (refused.isNoDatabase() || refused.getCause() instanceof IOException) return;
            throw refused;
        }
        var file = follower.file;
        file.locked(() -> {
            Triggers.remove(file.connection());
            Rows.run(file.connection(), "DROP TABLE " + QueueTable.NAME);
            Rows.run(file.connection(), "DROP TABLE waggle_state");
            return null;
        });
        var marks = new TreeMap<String, byte[]>();
        marks.put(CaptureCursor.MARK, null);
        log.marks(marks);
        close();
        open(false);
    }

    void close() {
        var closing = follower;
        follower = null;
        if (closing != null) closing.close();
    }
}
