package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.Conflict;
import dev.waggle.apps.table.ConflictPage;
import dev.waggle.apps.table.Policy;
import dev.waggle.apps.table.Resolution;
import dev.waggle.apps.table.ResolutionRefused;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.record.Value;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Follows one SQLite file: drains what programs write there into a space's log, and applies what the log says to the file.
///
/// One thread owns the file, its view and all state; every method here may be called from any thread and blocks until that thread has done it.
/// Before [#start] nothing happens by itself.
///
/// Errors: [FileRefused] says what is wrong with the file or the request and what helps; [FileUnavailable] and
/// [dev.waggle.core.log.LogUnavailable] mean that a retry is safe; [dev.waggle.core.log.WriteRefused] that this node may not write to the space. In the
/// background they become the [#status], and the work is tried again, for ever. After [#close] they say [FollowerClosed].
public final class TableFollower implements AutoCloseable {
    private final Owner owner;
    private final FollowedFile followed;
    private final EventLog log;

    private TableFollower(Owner owner, FollowedFile followed, EventLog log) {
        this.owner = owner;
        this.followed = followed;
        this.log = log;
    }

    /// Opens a file, which need not exist yet (then only [#plan] and [#join] make sense) and need not be tracked yet.
    ///
    /// @param userFile the programs' file
    /// @param viewFile the node's own file for the view of this log; it can be deleted at any time while nothing is open
    /// @param author   who writes local events now: asked at every write
    /// @param clockMs  wall clock, milliseconds since 1970 UTC
    /// @throws FileRefused     when the file is no database, encrypted, damaged, of a newer Waggle, or follows another space
    /// @throws FileUnavailable when it stays locked for 10 s
    public static TableFollower open(Path userFile, Path viewFile, EventLog log, Supplier<Author> author, LongSupplier clockMs) {
        var owner = new Owner(userFile.getFileName().toString());
        var followed = new FollowedFile(userFile, log, author, clockMs, new FileViews(viewFile, log));
        try {
            if (Files.exists(userFile)) owner.call(() -> followed.open(false));
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
        return new TableFollower(owner, followed, log);
    }

    /// Puts queue and triggers into the file and writes its rows to the log as first events. Tables tracked already stay so.
    ///
    /// @param tables names, or empty for all tables that can be tracked, later ones included
    /// @throws FileRefused when a named table cannot be tracked, with every reason; nothing was changed
    public TrackReport track(List<String> tables, Progress progress) {
        return owner.call(() -> followed.track(tables, progress));
    }

    /// What [#join] would do. Changes nothing in the file.
    public JoinPlan plan() {
        return owner.call(() -> followed.plan(Progress.NONE));
    }

    /// Makes the file one with the space: tables it lacks are made, rows it lacks are written, rows the space lacks become events, equal rows are adopted.
    public JoinReport join(Adopt adopt, Progress progress) {
        return owner.call(() -> followed.join(adopt, progress));
    }

    /// Follows from now on: programs' writes are noticed within milliseconds, the log's entries are applied as they come.
    public void start() {
        owner.follow(followed, log);
    }

    /// Drains and applies until nothing is left that was there when this was called.
    public void syncNow() {
        owner.call(() -> {
            followed.syncNow();
            return null;
        });
    }

    public FollowStatus status() {
        return owner.status(followed, log);
    }

    /// Every open conflict of this file's tables.
    public List<Conflict> conflicts() {
        return owner.call(() -> followed.current().view.table().conflicts());
    }

    /// Some of them: see [dev.waggle.apps.table.TableView#conflicts(long, int)].
    public ConflictPage conflicts(long after, int limit) {
        return owner.call(() -> followed.current().view.table().conflicts(after, limit));
    }

    /// Open conflicts whose id begins like this.
    public List<Conflict> conflictsNamed(String begin) {
        return owner.call(() -> followed.current().view.table().conflictsNamed(begin));
    }

    /// How the rows under a key came to be what they are, and what the file and its queue say of them. Changes nothing.
    ///
    /// @param words the key as a person types it, one word for each key column: see [dev.waggle.apps.table.KeyText]
    public RowsExplained explain(String table, List<String> words) {
        var trouble = trouble();
        return owner.call(() -> new Explaining(followed.current()).rows(table, words, trouble));
    }

    /// Rows of a table as they stand in the file, in the order of their key.
    ///
    /// @param after the key to begin behind, with a value for each of its columns
    /// @param skip  how many rows to pass over there
    /// @return empty when no such table of the file is tracked
    public Optional<RowPage> rows(String table, Optional<List<Value>> after, long skip, int rowsMax, boolean counted) {
        return owner.call(() -> {
            var follower = followed.current();
            return Optional.ofNullable(follower.tables.get(table)).map(sql -> follower.file.snapshot(() -> new RowReading(follower.file, sql.table()).page(after, skip, rowsMax, counted)));
        });
    }

    /// What an event did to the rows of this file.
    ///
    /// @param offset     where it is in the log
    /// @param storiesMax of how many of the records that it changed more is told
    public EventExplained explain(EventId event, long offset, int storiesMax) {
        var trouble = trouble();
        return owner.call(() -> new Explaining(followed.current()).event(event, offset, storiesMax, trouble));
    }

    private String trouble() {
        var status = status();
        return status.state() == FollowStatus.State.WAITING || status.state() == FollowStatus.State.FAILED ? status.sentence() : "";
    }

    /// The tables of the space, by name.
    public SortedMap<String, TableSchema> schemas() {
        return owner.call(() -> followed.current().view.table().schemas());
    }

    /// The policy of each table of the space, by name; under "*" that of all others.
    public SortedMap<String, Policy> policies() {
        return owner.call(() -> {
            var table = followed.current().view.table();
            var policies = new TreeMap<String, Policy>();
            for (var name : table.schemas().keySet()) policies.put(name, table.policy(name));
            policies.put("*", table.policy("*"));
            return policies;
        });
    }

    /// Settles a conflict on every node, this file included.
    public void resolve(String conflictId, Resolution how) {
        owner.call(() -> {
            followed.syncNow();
            var follower = followed.current();
            var changes = follower.view.table().resolve(conflictId, how);
            if (changes.isEmpty()) return null;
            var encoded = ChangeSetCodec.encode(changes);
            follower.writeForFile(encoded.draft(), encoded.chunks());
            followed.syncNow();
            return null;
        });
    }

    /// Settles several conflicts in the same way, each with an event of its own. The file follows once, at the end.
    ///
    /// @return which were settled; the others are settled already, or cannot be in this way
    public List<String> resolve(Set<String> conflictIds, Resolution how) {
        return owner.call(() -> {
            followed.syncNow();
            var follower = followed.current();
            var settled = new ArrayList<String>();
            for (var conflict : follower.view.table().conflicts()) {
                if (!conflictIds.contains(conflict.id())) continue;
                try {
                    var encoded = ChangeSetCodec.encode(follower.view.table().resolve(conflict, how));
                    follower.writeForFile(encoded.draft(), encoded.chunks());
                    settled.add(conflict.id());
                } catch (ResolutionRefused _) {
                    // the caller sees that it is not among them
                }
            }
            followed.syncNow();
            return settled;
        });
    }

    /// Takes queue, triggers and cursor out of the file: its schema and journal mode are as before. What programs wrote is drained first.
    public void untrack() {
        owner.call(() -> {
            followed.untrack();
            return null;
        });
    }

    /// Stops following. The file's triggers go on queueing: the next [#open] takes up there.
    @Override public void close() {
        owner.close(followed::close);
    }
}
