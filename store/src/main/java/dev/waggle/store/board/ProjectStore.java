package dev.waggle.store.board;

import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.view.ViewConnection;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `board.sqlite`: which projects this node has and in which space each one's tasks are; for tasks of linked projects, what they are called in the swarm.
/// Thread-safe: one connection, one call at a time; every call is one durable transaction (`synchronous=FULL`).
public final class ProjectStore extends ViewConnection {
    private static final int SCHEMA_VERSION = 1;
    private static final String SCHEMA = """
        -- remote_project_id: NULL for a local project. space: where the tasks are. synced_offset: up to where `tasks` follows the space.
        CREATE TABLE IF NOT EXISTS projects (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, space TEXT NOT NULL, created_at TEXT NOT NULL, linked_at TEXT, remote_project_id TEXT, remote_last_synced_at TEXT,
            source_node_id TEXT, source_node_name TEXT, source_node_status TEXT CHECK (source_node_status IN ('online', 'offline', 'unknown')), source_node_public_url TEXT,
            synced_offset INTEGER NOT NULL DEFAULT 0) STRICT;
        -- The tasks of linked projects. id: what this node calls it; shared_task_id: its record in the swarm project's space.
        CREATE TABLE IF NOT EXISTS tasks (
            id TEXT NOT NULL, project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE, shared_task_id TEXT, remote_last_synced_at TEXT, remote_assigned_node_id TEXT,
            PRIMARY KEY (project_id, id)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX IF NOT EXISTS task_shared ON tasks (project_id, shared_task_id);
        CREATE INDEX IF NOT EXISTS task_by_id ON tasks (id);
        -- What a linking that goes on has written so far, to become `tasks` at once.
        CREATE TABLE IF NOT EXISTS staged (project_id TEXT, id TEXT, shared_task_id TEXT, PRIMARY KEY (project_id, id)) STRICT, WITHOUT ROWID;
        -- Spaces that hold, or held, the tasks of a local project only. One that no project names is forgotten.
        CREATE TABLE IF NOT EXISTS local_spaces (space TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        -- Claims under which a command runs here: after a crash they are given back.
        CREATE TABLE IF NOT EXISTS runs (claim TEXT PRIMARY KEY, token INTEGER NOT NULL, space TEXT NOT NULL, task TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;
    private static final String PROJECT = """
        SELECT id, name, space, created_at, remote_project_id, linked_at, remote_last_synced_at, source_node_id, source_node_name, source_node_status, source_node_public_url FROM projects\s""";

    public ProjectStore(Path file) {
        super(file);
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=FULL");
        execute("PRAGMA foreign_keys=1");
        int version = first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
        if (version > SCHEMA_VERSION) {
            close();
            throw new dev.waggle.store.sqlite.UnusableFile(file.getFileName() + " was written by a newer Waggle: update this node");
        }
        begin();
        make(SCHEMA);
        execute("PRAGMA user_version=" + SCHEMA_VERSION);
        commit();
    }

    /// It is no view: nothing gives it back.
    @Override protected RuntimeException failure(String doing, SQLException e) {
        return new LogUnavailable(doing, e);
    }

    private synchronized <T> T whole(Supplier<T> work) {
        begin();
        try {
            var done = work.get();
            commit();
            return done;
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
    }

    public synchronized List<Project> list() {
        return all(PROJECT + "ORDER BY name", ProjectStore::project);
    }

    /// Those that are linked to a swarm project.
    public synchronized List<Project> linked() {
        return all(PROJECT + "WHERE remote_project_id IS NOT NULL ORDER BY name", ProjectStore::project);
    }

    public synchronized Optional<Project> byId(String id) {
        return first(PROJECT + "WHERE id = ?", ProjectStore::project, id);
    }

    public synchronized Optional<Project> byName(String name) {
        return first(PROJECT + "WHERE name = ?", ProjectStore::project, name);
    }

    private static Project project(ResultSet row) throws SQLException {
        return new Project(row.getString(1), row.getString(2), new SpaceId(row.getString(3)), ms(row.getString(4)), Optional.ofNullable(row.getString(5)), ms(row.getString(6)),
            ms(row.getString(7)), Optional.ofNullable(row.getString(8)), Optional.ofNullable(row.getString(9)), Optional.ofNullable(row.getString(10)), Optional.ofNullable(row.getString(11)));
    }

    private static long ms(String time) {
        return time == null ? 0 : Instant.parse(time).toEpochMilli();
    }

    private static String time(long ms) {
        return ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
    }

    public void add(Project project) {
        whole(() -> write("INSERT INTO projects (id, name, space, created_at, remote_project_id, linked_at) VALUES (?, ?, ?, ?, ?, ?)", project.id(), project.name(), project.space().hex(),
            time(project.createdMs()), project.remoteProjectId().orElse(null), time(project.linkedMs())));
    }

    public void remove(String project) {
        whole(() -> write("DELETE FROM projects WHERE id = ?", project));
    }

    public void addLocal(SpaceId space) {
        whole(() -> write("INSERT INTO local_spaces (space) VALUES (?) ON CONFLICT DO NOTHING", space.hex()));
    }

    /// Spaces that held the tasks of a local project, and do no more.
    public synchronized List<SpaceId> abandoned() {
        return all("SELECT space FROM local_spaces WHERE space NOT IN (SELECT space FROM projects)", row -> new SpaceId(row.getString(1)));
    }

    public void forgotten(SpaceId space) {
        whole(() -> write("DELETE FROM local_spaces WHERE space = ?", space.hex()));
    }

    public synchronized boolean isLocal(SpaceId space) {
        return first("SELECT 1 FROM local_spaces WHERE space = ?", _ -> true, space.hex()).orElse(false);
    }

    /// Notes what tasks will be called once the project is linked. Repeating it changes nothing.
    public void stage(String project, List<String[]> idsAndShared) {
        whole(() -> {
            for (var each : idsAndShared)
                write("INSERT INTO staged (project_id, id, shared_task_id) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET shared_task_id = excluded.shared_task_id", project, each[0], each[1]);
            return 0;
        });
    }

    /// Links a project: from one moment to the next its tasks are those of a swarm project's space, and what was staged is what they are called there.
    public void link(String project, SpaceId space, String remote, long nowMs) {
        whole(() -> {
            write("DELETE FROM tasks WHERE project_id = ?", project);
            write("INSERT INTO tasks (id, project_id, shared_task_id, remote_last_synced_at) SELECT id, project_id, shared_task_id, ? FROM staged WHERE project_id = ?", time(nowMs), project);
            write("DELETE FROM staged WHERE project_id = ?", project);
            write("DELETE FROM local_spaces WHERE space = ?", space.hex());
            return write("UPDATE projects SET space = ?, remote_project_id = ?, linked_at = ?, remote_last_synced_at = NULL, synced_offset = 0 WHERE id = ?", space.hex(), remote, time(nowMs), project);
        });
    }

    /// Unlinks a project: from one moment to the next its tasks are those of a local space, and nothing of the swarm is left.
    public void unlink(String project, SpaceId space) {
        whole(() -> {
            write("UPDATE tasks SET shared_task_id = NULL, remote_last_synced_at = NULL, remote_assigned_node_id = NULL WHERE project_id = ?", project);
            write("DELETE FROM staged WHERE project_id = ?", project);
            return write("""
                UPDATE projects SET space = ?, remote_project_id = NULL, linked_at = NULL, remote_last_synced_at = NULL, source_node_id = NULL, source_node_name = NULL,
                    source_node_status = NULL, source_node_public_url = NULL, synced_offset = 0 WHERE id = ?
                """, space.hex(), project);
        });
    }

    /// Where `tasks` stands in the project's space.
    public synchronized long syncedOffset(String project) {
        return first("SELECT synced_offset FROM projects WHERE id = ?", row -> row.getLong(1), project).orElse(0L);
    }

    /// @param assigned who holds it, as a UUID; may be empty
    public record Seen(String shared, Optional<String> assigned) {}

    /// Follows a linked project's space: tasks that are new there get what they are called there for a name here.
    ///
    /// @param space what the project was linked to when they were read: if it is another one by now nothing happens
    public void seen(String project, SpaceId space, List<Seen> tasks, long upTo, long nowMs) {
        whole(() -> {
            if (first("SELECT 1 FROM projects WHERE id = ? AND space = ? AND remote_project_id IS NOT NULL", _ -> true, project, space.hex()).isEmpty()) return 0;
            for (var task : tasks) {
                int known = write("UPDATE tasks SET remote_last_synced_at = ?, remote_assigned_node_id = ? WHERE project_id = ? AND shared_task_id = ?", time(nowMs), task.assigned().orElse(null),
                    project, task.shared());
                if (known == 0) write("""
                    INSERT INTO tasks (id, project_id, shared_task_id, remote_last_synced_at, remote_assigned_node_id) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (project_id, id) DO UPDATE SET shared_task_id = excluded.shared_task_id, remote_last_synced_at = excluded.remote_last_synced_at,
                        remote_assigned_node_id = excluded.remote_assigned_node_id
                    """, task.shared(), project, task.shared(), time(nowMs), task.assigned().orElse(null));
            }
            return write("UPDATE projects SET synced_offset = ? WHERE id = ?", upTo, project);
        });
    }

    /// What is known of the node that made the swarm project, and when another member was here last (0: as before).
    public void source(String project, String node, String name, String status, Optional<String> url, long syncedMs) {
        whole(() -> write("""
            UPDATE projects SET source_node_id = ?, source_node_name = ?, source_node_status = ?, source_node_public_url = ?, remote_last_synced_at = coalesce(?, remote_last_synced_at)
            WHERE id = ? AND remote_project_id IS NOT NULL
            """, node, name, status, url.orElse(null), time(syncedMs), project));
    }

    /// What a task is called in the space of its project.
    public synchronized String record(String project, String id) {
        return first("SELECT shared_task_id FROM tasks WHERE project_id = ? AND id = ?", row -> row.getString(1), project, id).orElse(id);
    }

    /// What a task of the project's space is called here.
    public synchronized String visible(String project, String record) {
        return first("SELECT id FROM tasks WHERE project_id = ? AND shared_task_id = ?", row -> row.getString(1), project, record).orElse(record);
    }

    /// A task's row of sync columns, if its project is linked.
    public record Sync(String shared, Optional<String> lastSyncedAt, Optional<String> assigned) {}

    public synchronized Optional<Sync> sync(String project, String id) {
        return first("SELECT shared_task_id, remote_last_synced_at, remote_assigned_node_id FROM tasks WHERE project_id = ? AND id = ? AND shared_task_id IS NOT NULL",
            row -> new Sync(row.getString(1), Optional.ofNullable(row.getString(2)), Optional.ofNullable(row.getString(3))), project, id);
    }

    /// Tasks that are called something in a swarm to which their project is linked no more, or, with `lost`, whose swarm is gone.
    public synchronized long orphans(String project, boolean lost) {
        return first("""
            SELECT count(*) FROM tasks t JOIN projects p ON p.id = t.project_id
            WHERE p.id = ? AND t.shared_task_id IS NOT NULL AND (p.remote_project_id IS NULL OR ? = 1)
            """, row -> row.getLong(1), project, lost ? 1 : 0).orElse(0L);
    }

    /// A claim under which a command runs here.
    public record Running(String claim, long token, SpaceId space, String task) {}

    public void running(Running run) {
        whole(() -> write("INSERT INTO runs (claim, token, space, task) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", run.claim(), run.token(), run.space().hex(), run.task()));
    }

    public void ended(String claim) {
        whole(() -> write("DELETE FROM runs WHERE claim = ?", claim));
    }

    public synchronized List<Running> runs() {
        return all("SELECT claim, token, space, task FROM runs", row -> new Running(row.getString(1), row.getLong(2), new SpaceId(row.getString(3)), row.getString(4)));
    }
}
