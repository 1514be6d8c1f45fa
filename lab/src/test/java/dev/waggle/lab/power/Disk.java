package dev.waggle.lab.power;

import dev.waggle.lab.power.WriteLog.Op;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A folder as a disk holds it while a process changes it. Names are durable only when their folder was fsynced: a new file whose folder was not
/// may be gone, whatever of its content was fsynced. (Many file systems promise more. None is promised to.)
final class Disk {
    /// What a name leads to. A folder has no content.
    private record Node(long id, Content content) {
        boolean isFolder() {
            return content == null;
        }
    }

    /// A change of a folder's names that is not fsynced.
    private record Naming(String path, Node node) {}             // null: the name is gone

    /// A folder's steps that are not fsynced, and how many were before them.
    private static final class Names {
        final List<List<Naming>> steps = new ArrayList<>();       // each is atomic
        long settled;
    }

    private final Path root;
    private final Map<Long, Content> contents = new HashMap<>();
    private final Map<Long, String> folders = new HashMap<>();
    private final TreeMap<String, Node> now = new TreeMap<>();
    private final TreeMap<String, Node> durable = new TreeMap<>();
    private final Map<String, Names> unsynced = new TreeMap<>();      // by folder
    private final Map<Long, Long> syncs = new HashMap<>();       // number -> what it promises

    private Disk(Path root) {
        this.root = root;
    }

    /// A folder that the process makes itself, or finds empty.
    static Disk empty(Path root) {
        return new Disk(root);
    }

    /// A folder before the process begins: what is there counts as durable.
    static Disk holding(Path root) throws IOException {
        var disk = new Disk(root);
        try (var paths = Files.walk(root)) {
            for (var path : (Iterable<Path>) paths.filter(each -> !isShared(each.toString()))::iterator) {
                long id = (Long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
                var node = Files.isDirectory(path) ? new Node(id, null) : new Node(id, new Content(Files.readAllBytes(path)));
                disk.now.put(path.toString(), node);
                disk.durable.put(path.toString(), node);
                if (node.isFolder()) disk.folders.put(id, path.toString());
                else disk.contents.put(id, node.content);
            }
        }
        return disk;
    }

    /// SQLite's shared memory is no file that outlives the machine.
    private static boolean isShared(String path) {
        return path.endsWith("-shm");
    }

    void apply(Op op) {
        switch (op) {
            case Op.FolderMade(var id, var path) -> {
                folders.put(id, path);
                contents.remove(id);
                if (!now.containsKey(path)) name(path, new Node(id, null));
            }
            case Op.FileMade(var id, var path) -> {
                var content = new Content();
                contents.put(id, content);
                folders.remove(id);
                name(path, new Node(id, content));
            }
            case Op.Removed(var path) -> name(path, null);
            case Op.Renamed(var from, var to) -> rename(from, to);
            case Op.Written(var id, var at, var bytes) -> content(id).write(at, bytes);
            case Op.Truncated(var id, var size) -> content(id).truncate(size);
            case Op.SyncBegun(var id, var number) -> syncs.put(number, folders.containsKey(id) ? steps(folders.get(id)) : content(id).changes());
            case Op.Synced(var id, var number) -> {
                long promised = syncs.remove(number);
                if (folders.containsKey(id)) syncNames(folders.get(id), promised);
                else content(id).sync(promised);
            }
            case Op.SyncFailed(var id, var number) -> {
                long promised = syncs.remove(number);
                if (!folders.containsKey(id)) content(id).failSync(promised);
            }
            case Op.Said _, Op.Sent _ -> { }
        }
    }

    private Content content(long id) {
        var content = contents.get(id);
        if (content == null) throw new IllegalStateException("inode " + id + " was never made");
        return content;
    }

    private void name(String path, Node node) {
        step(path, List.of(new Naming(path, node)));
    }

    private void rename(String from, String to) {
        var node = now.get(from);
        if (!parent(from).equals(parent(to)) || node.isFolder()) throw new IllegalStateException("not modelled: renaming " + from + " to " + to);
        step(to, List.of(new Naming(from, null), new Naming(to, node)));
    }

    private void step(String path, List<Naming> step) {
        if (path.equals(root.toString())) {
            now.put(path, step.getFirst().node);
            durable.put(path, step.getFirst().node);
            return;
        }
        names(parent(path)).steps.add(step);
        perform(step, now);
    }

    private Names names(String folder) {
        return unsynced.computeIfAbsent(folder, _ -> new Names());
    }

    /// @return how many steps there were so far
    private long steps(String folder) {
        return names(folder).settled + names(folder).steps.size();
    }

    private void syncNames(String folder, long promised) {
        var names = names(folder);
        var done = names.steps.subList(0, (int) Math.max(0, promised - names.settled));
        done.forEach(step -> perform(step, durable));
        names.settled += done.size();
        done.clear();
    }

    private static void perform(List<Naming> step, Map<String, Node> names) {
        for (var naming : step) {
            if (naming.node == null) names.remove(naming.path);
            else names.put(naming.path, naming.node);
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    /// What is left for certain.
    void write(Path target) throws IOException {
        write(target, durable, Content::durable);
    }

    /// What may be left: of each folder's changes the first few, of each file's any part.
    void writeTorn(Path target, RandomGenerator random) throws IOException {
        var names = new TreeMap<>(durable);
        double kept = random.nextInt(4) == 0 ? random.nextDouble() : 0.5;
        for (var folder : unsynced.values())
            folder.steps.subList(0, random.nextInt(folder.steps.size() + 1)).forEach(step -> perform(step, names));
        write(target, names, content -> content.torn(random, kept));
    }

    private void write(Path target, TreeMap<String, Node> names, Function<Content, byte[]> bytes) throws IOException {
        for (var name : names.entrySet()) {
            var path = target.resolve(root.relativize(Path.of(name.getKey())).toString());
            if (isShared(name.getKey()) || !(name.getKey().equals(root.toString()) || Files.isDirectory(path.getParent()))) continue;
            if (name.getValue().isFolder()) Files.createDirectories(path);
            else Files.write(path, bytes.apply(name.getValue().content));
            if (Files.getFileStore(path).supportsFileAttributeView("posix"))
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(name.getValue().isFolder() ? "rwx------" : "rw-------"));
        }
    }
}
