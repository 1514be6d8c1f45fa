package dev.waggle.node.backup;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a backup says about itself in `backup.json`, which is written last.
///
/// @param madeMs  milliseconds since 1970 UTC
/// @param withKey whoever has the backup can be this node
/// @param database where the logs are, in words without a password; empty when they are in the backup
/// @param files   every other file of the backup
public record Contents(NodeId node, long madeMs, boolean withKey, Optional<String> database, List<Part> files) {
    static final String FILE = "backup.json";
    private static final String IS = "waggle-backup/1";
    private static final int BLOCK_BYTES = 1 << 20;
    private static final Set<String> NAMES = Set.of("node.sqlite", Backup.BOARDS, "folder.id", "settings.json", Backup.KEY, "hub.key");

    /// @param path   below the backup's folder, with `/`
    /// @param sha256 of its bytes, hexadecimal
    public record Part(String path, long bytes, String sha256) {}

    /// Told after every megabyte how many bytes were read.
    interface Progress {
        void read(long bytes);
    }

    String text() {
        return Canonical.text(Json.object("is", IS, "node", node.hex(), "made_ms", madeMs, "with_key", withKey, "database", database.orElse(null), "files",
            Json.array(files.stream().map(part -> Json.object("path", part.path(), "bytes", part.bytes(), "sha256", part.sha256())).toList())));
    }

    /// @throws Problem when the folder holds no whole backup, or one of a newer version
    public static Contents read(Path folder) {
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) throw new Problem(ErrorCode.NOT_FOUND, folder + " holds no backup: there is no " + FILE + ".", "Name a folder that `waggle backup` has made.");
            var json = Canonical.parseObject(Files.readAllBytes(file));
            if (!json.text("is").equals(IS)) throw new Problem(ErrorCode.NEWER_DATA, folder + " was made by a newer Waggle (" + json.text("is") + ").", "Restore it with that version, or update this one.");
            var files = json.array("files").stream().map(Json::asObject).map(part -> new Part(path(part.text("path")), part.integer("bytes"), part.text("sha256"))).toList();
            return new Contents(new NodeId(json.text("node")), json.integer("made_ms"), Json.TRUE.equals(json.get("with_key").orElse(null)), json.textIfPresent("database"), files);
        } catch (MalformedPayload | IllegalArgumentException e) {
            throw damaged(folder, FILE + " cannot be read", e);
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, file + " cannot be read: " + e.getMessage() + ".", "Check the disk and whose folder it is.", e);
        }
    }

    /// A backup comes from somewhere: it names files of a data folder and nothing else.
    private static String path(String path) {
        var parts = path.split("/", -1);
        boolean log = parts.length == 3 && parts[0].equals("spaces") && Hex.isLower(parts[1], 64) && parts[2].equals("sync.sqlite");
        if (log || NAMES.contains(path)) return path;
        throw new IllegalArgumentException("it names a file that is none of a node: " + path);
    }

    /// Every byte is what it was when the backup was made.
    ///
    /// @throws Problem names the first file that is not
    public void check(Path folder, Progress progress) {
        for (var part : files) {
            var file = folder.resolve(part.path());
            try {
                if (!Files.exists(file)) throw damaged(folder, part.path() + " is missing", null);
                if (Files.size(file) != part.bytes()) throw damaged(folder, part.path() + " has " + Files.size(file) + " bytes instead of " + part.bytes(), null);
                if (!hash(file, progress).equals(part.sha256())) throw damaged(folder, part.path() + " was changed since the backup was made", null);
            } catch (IOException e) {
                throw damaged(folder, part.path() + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    public long bytes() {
        return files.stream().mapToLong(Part::bytes).sum();
    }

    /// How many spaces' logs are in it.
    public long logs() {
        return files.stream().filter(part -> isLog(part.path())).count();
    }

    static boolean isLog(String path) {
        return path.startsWith("spaces/");
    }

    static Part part(Path folder, String path, Progress progress) throws IOException {
        var file = folder.resolve(path);
        return new Part(path, Files.size(file), hash(file, progress));
    }

    private static String hash(Path file, Progress progress) throws IOException {
        var digest = Sha256.digest();
        var block = new byte[BLOCK_BYTES];
        try (var in = Files.newInputStream(file)) {
            for (int got; (got = in.readNBytes(block, 0, block.length)) > 0; progress.read(got)) digest.update(block, 0, got);
        }
        return Hex.of(digest.digest());
    }

    private static Problem damaged(Path folder, String how, Exception why) {
        return new Problem(ErrorCode.DATA_DAMAGED, "The backup " + folder + " is damaged: " + how + ".", "Use another backup; nothing was changed.", why);
    }
}
