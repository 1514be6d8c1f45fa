package dev.waggle.node.backup;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.node.check.FileCheck;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.NodeStore;
import dev.waggle.store.node.SpaceRow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a data folder of a backup. Nothing is overwritten: the folder is new, and a key that is on this machine already stays.
///
/// The node that starts in it opens new epochs (its lineage is blank), takes from its peers what came after the backup, its own events among it, and only then takes
/// up the tracked files that are there; those that are not are made anew from the logs.
public final class Restore {
    /// @param key   where the node's key is now
    /// @param files tracked files, and whether each is there
    public record Report(Contents contents, Path data, Key key, Path keyFile, List<Tracked> files) {}

    public enum Key {
        /// It came with the backup.
        RESTORED,
        /// It was on this machine.
        HERE,
        /// Neither; without it the folder can only become another node.
        MISSING
    }

    public record Tracked(String space, Path file, boolean there) {}

    /// Told now and then how many bytes were read or written of twice the backup's.
    public interface Progress {
        void moved(long bytes);
    }

    private Restore() {}

    /// @param stateRoot the folder of all state folders of this user
    /// @param files     where tracked files are to be from now on; empty to leave them where they were
    /// @throws Problem when the backup is damaged, the folder is not free, or it does not fit; nothing is changed then
    public static Report restore(Path backup, Path data, Path stateRoot, Optional<Path> files, Progress progress) {
        var contents = Contents.read(backup);
        WholeFolder.requireFree(data);
        contents.check(backup, progress::moved);
        WholeFolder.requireRoom(data, "The backup", contents.bytes());
        try {
            var id = Files.readString(backup.resolve("folder.id")).strip();
            var keyFile = stateRoot.resolve(id).resolve("key");
            var key = key(backup, contents, keyFile);
            var tracked = new ArrayList<Tracked>();
            WholeFolder.make(data, "The data folder", folder -> {
                for (var part : contents.files()) if (!part.path().equals(Backup.KEY)) copy(backup.resolve(part.path()), folder.resolve(part.path()), progress);
                place(folder, files, tracked);
            });
            return new Report(contents, data, key, keyFile, List.copyOf(tracked));
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The backup cannot be restored: " + e.getMessage() + ".", "Check the disk and whose folders they are; nothing was changed.", e);
        }
    }

    /// Looks at everything: every byte, and what each log says of itself.
    ///
    /// @return one sentence for each damage
    public static List<String> verify(Contents contents, Path backup) {
        contents.check(backup, _ -> {});
        var damages = new ArrayList<String>();
        try {
            for (var part : contents.files()) if (Contents.isLog(part.path())) damages.addAll(looked(backup, part));
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The logs cannot be looked at: " + e.getMessage() + ".", "They are copied to " + System.getProperty("java.io.tmpdir") + " for that: make room there.", e);
        }
        return damages;
    }

    /// Whoever opens a database writes to its folder; a backup stays as it is.
    private static List<String> looked(Path backup, Contents.Part part) throws IOException {
        var folder = Files.createTempDirectory("waggle");
        try {
            var copy = folder.resolve("sync.sqlite");
            copy(backup.resolve(part.path()), copy, _ -> {});
            return FileCheck.damages(copy).stream().map(damage -> part.path() + ": " + damage).toList();
        } finally {
            WholeFolder.remove(folder);
        }
    }

    /// The key is put in its place first: one without a data folder harms nobody.
    private static Key key(Path backup, Contents contents, Path file) throws IOException {
        if (!contents.withKey()) return Files.exists(file) ? Key.HERE : Key.MISSING;
        var text = Files.readString(backup.resolve(Backup.KEY));
        if (!Ed25519.signer(Hex.bytes(text.strip())).node().equals(contents.node()))
            throw new Problem(ErrorCode.DATA_DAMAGED, "The key in the backup is not the one of the node that made it.", "Use another backup.");
        if (Files.exists(file)) {
            if (Files.readString(file).strip().equals(text.strip())) return Key.HERE;
            throw new Problem(ErrorCode.BAD_REQUEST, file + " is the key of another node.", "Choose another place for keys with WAGGLE_STATE, or move that folder away.");
        }
        PrivateFiles.makeFolder(file.getParent());
        PrivateFiles.write(file, text);
        return Key.RESTORED;
    }

    private static void copy(Path from, Path to, Progress progress) throws IOException {
        PrivateFiles.makeFolder(to.getParent());
        PrivateFiles.write(to, "");
        var block = new byte[1 << 20];
        try (var in = Files.newInputStream(from); var out = Files.newOutputStream(to)) {
            for (int got; (got = in.readNBytes(block, 0, block.length)) > 0; progress.moved(got)) out.write(block, 0, got);
        }
    }

    private static void place(Path folder, Optional<Path> files, List<Tracked> tracked) {
        var taken = new ArrayList<Path>();
        try (var store = NodeStore.open(folder.resolve("node.sqlite"))) {
            for (var row : store.spaces()) {
                if (row.file().isEmpty()) continue;
                var was = Path.of(row.file().get());
                var file = files.map(place -> free(place, was.getFileName().toString(), row, taken)).orElse(was);
                taken.add(file);
                store.put(row.withFile(Optional.of(file.toString()), Optional.of(SpaceRow.RESTORED)));
                tracked.add(new Tracked(row.name(), file, Files.exists(file)));
            }
        }
    }

    /// Two files of one name came from two folders.
    private static Path free(Path place, String name, SpaceRow row, List<Path> taken) {
        var file = place.resolve(name);
        return taken.contains(file) ? place.resolve(row.id().brief() + "-" + name) : file;
    }
}
