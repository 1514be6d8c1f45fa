package dev.waggle.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.node.identity.Identity;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.postgres.PostgresLogs;
import dev.waggle.store.postgres.UnusableDatabase;
import dev.waggle.store.sql.Database;
import dev.waggle.store.sql.LogRebuild;
import dev.waggle.store.sql.SqlEventLog;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Where the logs of a node's spaces are: a SQLite file for each, or all of them in one PostgreSQL database. Thread-safe.
public sealed interface Logs extends AutoCloseable {
    EventLog open(SpaceId space, Verifier verifier, Supplier<Epoch> fresh);

    /// Where one log is, for what looks at it without opening it.
    Database place(SpaceId space);

    /// @throws Problem when logs cannot be made anew here
    void requireRebuild(SpaceId space);

    /// Makes a closed log anew from its good events: see [LogRebuild].
    LogRebuild.Report rebuild(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, long nowMs);

    /// Under which name a log says whose lineage wrote it: each process that writes to it has its own.
    String lineageMark();

    /// From now on `grown` is told of logs that another process of this node writes to, and that are not open here.
    void watch(Consumer<SpaceId> grown);

    /// Says which nodes are connected to this process; to be repeated every few seconds.
    void here(Collection<NodeId> nodes);

    /// Asks which nodes are connected to another process.
    Set<NodeId> elsewhere();

    /// What [#elsewhere] said last, without asking.
    Set<NodeId> lastElsewhere();

    /// What people should know at the start; empty for nothing.
    Optional<String> note();

    @Override void close();

    /// As the settings say. A node keeps all its logs in one kind of place, and does not change over while it has any: an empty log beside a full one would
    /// look like a loss.
    static Logs of(NodeSettings settings, Identity identity, Function<SpaceId, Path> file) {
        var wanted = settings.database().isPresent() ? "postgresql" : "files";
        var store = identity.store();
        var known = store.setting(PLACE).orElse("files");
        if (!known.equals(wanted) && !store.spaces().isEmpty())
            throw new Problem(ErrorCode.BAD_REQUEST, known.equals("files") ? "The logs of this node are in its data folder, not in a database."
                : "The logs of this node are in a PostgreSQL database, not in its data folder.", known.equals("files")
                ? "Start it without --database; a node that keeps them there begins with an empty data folder." : "Start it with --database, as before.");
        var logs = settings.database().map(address -> {
            try {
                var open = PostgresLogs.open(address, identity.signer().node().hex(), () -> Hex.of(identity.random(16)));
                return (Logs) new InPostgres(open, "lineage/" + identity.folder(), settings.processes().nats(), new AtomicReference<>(Set.of()));
            } catch (UnusableDatabase e) {
                throw new Problem(ErrorCode.STORAGE, "The database " + e.getMessage() + ".",
                    "Check that PostgreSQL runs there, that it is this node's, and the name of the database, the user and the password (WAGGLE_DATABASE_PASSWORD). Nothing was changed.", e);
            }
        }).orElseGet(() -> new InFiles(file));
        store.setting(PLACE, wanted);
        return logs;
    }

    /// The name under which the node remembers which it is.
    String PLACE = "logs";

    record InFiles(Function<SpaceId, Path> file) implements Logs {
        @Override public EventLog open(SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
            return SqlEventLog.open(file.apply(space), space, verifier, fresh);
        }

        @Override public Database place(SpaceId space) {
            return SqlEventLog.file(file.apply(space));
        }

        @Override public void requireRebuild(SpaceId space) {
            // a file is kept beside its successor
        }

        @Override public LogRebuild.Report rebuild(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, long nowMs) {
            return LogRebuild.rebuild(file.apply(space), space, verifier, fresh, nowMs);
        }

        @Override public String lineageMark() {
            return "lineage";
        }

        @Override public void watch(Consumer<SpaceId> grown) {
            // a file has one process
        }

        @Override public void here(Collection<NodeId> nodes) {
            // nobody else would ask
        }

        @Override public Set<NodeId> elsewhere() {
            return Set.of();
        }

        @Override public Set<NodeId> lastElsewhere() {
            return Set.of();
        }

        @Override public Optional<String> note() {
            return Optional.empty();
        }

        @Override public void close() {
            // each log closes its own file
        }
    }

    record InPostgres(PostgresLogs logs, String lineageMark, Optional<String> nats, AtomicReference<Set<NodeId>> last) implements Logs {
        @Override public EventLog open(SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
            return logs.open(space, verifier, fresh);
        }

        @Override public Database place(SpaceId space) {
            try {
                return logs.database(space);
            } catch (SQLException e) {
                throw new LogUnavailable("find the log of space " + space.brief(), e);
            }
        }

        @Override public void requireRebuild(SpaceId space) {
            throw noRebuild(space);
        }

        @Override public LogRebuild.Report rebuild(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, long nowMs) {
            throw noRebuild(space);
        }

        private static Problem noRebuild(SpaceId space) {
            return new Problem(ErrorCode.DATA_DAMAGED, "The log of space " + space.brief() + " in the database cannot be mended event by event.",
                "Restore the database from a backup: the members offer again what it lacks.");
        }

        @Override public void watch(Consumer<SpaceId> grown) {
            logs.watch(nats.map(url -> (hub, ears) -> new NatsFanout(url, hub, ears)), grown);
        }

        @Override public void here(Collection<NodeId> nodes) {
            logs.here(nodes);
        }

        @Override public Set<NodeId> elsewhere() {
            try {
                last.set(logs.elsewhere());
            } catch (LogUnavailable e) {
                last.set(Set.of());                                       // nobody knows
                throw e;
            }
            return last.get();
        }

        @Override public Set<NodeId> lastElsewhere() {
            return last.get();
        }

        @Override public Optional<String> note() {
            return logs.isRestored() ? Optional.of("the database is not the one that was here before (a restored dump, a copy, another server); this node writes under new"
                + " epochs, and its peers offer again what the database lacks") : Optional.empty();
        }

        @Override public void close() {
            logs.close();
        }
    }
}
