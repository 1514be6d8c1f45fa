package dev.waggle.lab.drill;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Where sources, classes and libraries are.
///
/// @param libraries what is on this process's class path and was not built here
record Project(Path root, List<Path> libraries) {
    private static final List<String> MODULES = List.of("core", "sync", "apps", "store", "net", "node", "sim", "lab");

    static Project find() {
        var folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        while (!Files.exists(folder.resolve("waggle"))) folder = folder.getParent();
        var root = folder;
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var libraries = Arrays.stream(path.split(File.pathSeparator)).map(Path::of).filter(each -> each.toString().endsWith(".jar") && !each.startsWith(root)).toList();
        return new Project(root, libraries);
    }

    Path mistakes() {
        return root.resolve("lab/src/test/drill");
    }

    /// The shipped classes, then those of the tests.
    List<Path> classes() {
        var classes = new ArrayList<Path>();
        for (var kind : List.of("classes", "test-classes"))
            for (var module : MODULES) {
                var folder = root.resolve(module).resolve("target").resolve(kind);
                if (!Files.isDirectory(folder)) throw new IllegalStateException(folder + " is missing: build with the tests first, for example ./waggle test");
                classes.add(folder);
            }
        return classes;
    }

    static String path(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
