package dev.waggle.node.backup;

import dev.waggle.core.log.LogUnavailable;
import dev.waggle.node.Node;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.DetachedLog;
import dev.waggle.store.node.LineageRow;
import dev.waggle.store.node.NodeStore;
import dev.waggle.store.sqlite.DatabaseCopy;
import dev.waggle.store.sqlite.SqliteFile;
import dev.waggle.store.sqlite.UnusableFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A consistent copy of a running node's data folder: its memory (`node.sqlite`, `board.sqlite`), its logs, its settings, and its key only when asked for.
///
/// `node.sqlite` is copied first: its cursors then claim nothing that a log's copy lacks. Left out is what a node makes anew: views, the token, `run.json`, the
/// lock; the tracked files, whose rows are all in the logs; and logs that are in a database, which has dumps of its own: the two may be of different moments. The copy's lineage is blank, so whatever is started from it, by `restore` or by hand,
/// is a new life that opens new epochs.
public final class Backup {
    /// The node's secret key in a backup.
    static final String KEY = "state.key";
    /// Where projects' tasks are, and where they go: it is copied before the logs, so it names no task that they lack.
    static final String BOARDS = "board.sqlite";
    private static final String HUB_KEY = "hub.key";

    /// @param doneBytes of `ofBytes`, which is as much as the files had when it began
    public interface Progress {
        void at(long doneBytes, long ofBytes);
    }

    private final Node node;
    private final Progress progress;
    private final long total;
    private long done;

    private Backup(Node node, Progress progress) {
        this.node = node;
        this.progress = progress;
        long bytes = size(node.settings().data().resolve("node.sqlite"));
        for (var row : node.store().spaces()) bytes += size(node.logFile(row.id()));
        total = bytes;
    }

    /// @param to      a folder that does not exist, or an empty one
    /// @param withKey whoever gets the backup can be this node then
    /// @throws Problem when the folder is not free, the disk is full, or a database of the node is damaged; nothing is left of the backup then
    public static Contents write(Node node, Path to, boolean withKey, Progress progress) {
        var data = node.settings().data();
        if (to.startsWith(data)) throw new Problem(ErrorCode.BAD_REQUEST, to + " lies in the data folder itself.", "Choose another place, best on another disk.");
        var backup = new Backup(node, progress);
        WholeFolder.requireFree(to);
        WholeFolder.requireRoom(to, "The backup", backup.total);
        var made = new ArrayList<Contents>();
        WholeFolder.make(to, "The backup", folder -> made.add(backup.fill(folder, withKey)));
        return made.getFirst();
    }

    private Contents fill(Path folder, boolean withKey) throws IOException {
        var data = node.settings().data();
        var paths = new ArrayList<>(List.of("node.sqlite", "folder.id"));
        long madeMs = node.nowMs();
        copy(data.resolve("node.sqlite"), folder.resolve("node.sqlite"));
        if (Files.exists(data.resolve(BOARDS))) {
            copy(data.resolve(BOARDS), folder.resolve(BOARDS));
            paths.add(BOARDS);
        }
        try {
            paths.addAll(logs(folder));
        } catch (LogUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
        PrivateFiles.write(folder.resolve("folder.id"), Files.readString(data.resolve("folder.id")));
        if (Files.exists(data.resolve("settings.json"))) paths.add(small(data, folder, "settings.json"));
        if (withKey) {
            PrivateFiles.write(folder.resolve(KEY), Files.readString(node.keyFile()));
            paths.add(KEY);
            if (Files.exists(data.resolve(HUB_KEY))) paths.add(small(data, folder, HUB_KEY));
        }
        var parts = new ArrayList<Contents.Part>();
        for (var path : paths) parts.add(Contents.part(folder, path, _ -> {}));
        var contents = new Contents(node.id(), madeMs, withKey, node.settings().database().map(Object::toString), List.copyOf(parts));
        PrivateFiles.write(folder.resolve(Contents.FILE), contents.text());
        return contents;
    }

    /// Copies the logs that the copy of `node.sqlite` names, and blanks its lineage.
    private List<String> logs(Path folder) throws IOException {
        var paths = new ArrayList<String>();
        try (var store = NodeStore.open(folder.resolve("node.sqlite"))) {
            store.started(new LineageRow(node.id(), ""), Map.of());
            for (var row : store.spaces()) {
                var path = "spaces/" + row.id().hex() + "/sync.sqlite";
                var log = node.logFile(row.id());
                if (!Files.exists(log)) continue;                    // one that is being made, or was left at this moment
                PrivateFiles.makeFolder(folder.resolve(path).getParent());
                copy(log, folder.resolve(path));
                DetachedLog.make(folder.resolve(path));
                paths.add(path);
            }
        }
        return paths;
    }

    private static String small(Path data, Path folder, String name) throws IOException {
        PrivateFiles.write(folder.resolve(name), Files.readString(data.resolve(name)));
        return name;
    }

    private void copy(Path from, Path to) throws IOException {
        PrivateFiles.write(to, "");
        long before = done;
        try {
            DatabaseCopy.make(from, to, (pages, _) -> {
                done = before + pages * SqliteFile.PAGE_BYTES;
                progress.at(done, Math.max(done, total));
            });
        } catch (UnusableFile e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, e.getMessage() + ".", "Run `waggle doctor`, which mends it with what other members have, and repeat the backup.", e);
        } catch (SQLException e) {
            throw new IOException(SqliteFile.isDiskFull(e) ? "the disk is full" : e.getMessage(), e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
