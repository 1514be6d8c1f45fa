package dev.waggle.lab.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How the nodes of these tests are started: as the launcher starts them, with a cache of loaded classes made by the same rehearsal. Hundreds of nodes start here, and a
/// start takes a third less with it. Only jars can be cached: where the modules are folders of classes (`mvn test` instead of `verify`), nodes start without.
final class NodeStart {
    private static final List<String> JVM = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Xmx192m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1");
    private static final long REHEARSAL_S = 300;
    private static final Path FOLDER = Path.of("target");
    private static final List<String> CLASSES = classes();

    private NodeStart() {}

    /// The command line up to the arguments.
    ///
    /// @param options more of the JVM's
    static List<String> command(List<String> options) {
        var command = new ArrayList<>(JVM);
        command.addAll(options);
        command.addAll(CLASSES);
        command.add("dev.waggle.node.cli.Main");
        return command;
    }

    /// What the launcher tells the virtual machine of a node beside all this, for one that runs for long: both compilers, a young generation of its own.
    static List<String> ofLauncher() {
        try {
            var named = Pattern.compile("^node_jvm=\\(([^)]*)\\)", Pattern.MULTILINE).matcher(Files.readString(Path.of("..", "waggle")));
            if (!named.find()) throw new AssertionError("the launcher names no options of nodes");
            var options = new ArrayList<>(List.of(named.group(1).strip().split("\\s+")));
            options.add("-XX:TieredStopAtLevel=4");
            return options;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> classes() {
        var path = System.getProperty("java.class.path");
        var jars = Arrays.stream(path.split(File.pathSeparator)).map(Path::of).filter(Files::isRegularFile).toList();
        if (jars.stream().noneMatch(jar -> jar.getFileName().toString().startsWith("waggle-node"))) return List.of("-cp", path);
        var packaged = String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
        try {
            var cache = FOLDER.resolve("nodes-" + Integer.toHexString(versions(jars).hashCode()) + ".aot").toAbsolutePath();
            if (!Files.exists(cache) && !rehearsed(packaged, cache)) return List.of("-cp", packaged);
            return List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off", "-cp", packaged);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String versions(List<Path> jars) throws IOException {
        var versions = new StringBuilder();
        for (var jar : jars) versions.append(jar).append(' ').append(Files.size(jar)).append(' ').append(Files.getLastModifiedTime(jar)).append('\n');
        return versions.toString();
    }

    private static boolean rehearsed(String packaged, Path cache) throws IOException {
        try (var old = Files.newDirectoryStream(FOLDER, "nodes-*.aot")) {
            for (var each : old) Files.delete(each);
        }
        var made = cache.resolveSibling(cache.getFileName() + "." + ProcessHandle.current().pid());
        var command = new ArrayList<>(JVM);
        command.addAll(List.of("-XX:AOTCacheOutput=" + made, "-Xlog:disable", "-cp", packaged, "dev.waggle.node.rehearsal.Rehearsal"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            if (!process.waitFor(REHEARSAL_S, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
        if (!Files.exists(made)) return false;
        Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
