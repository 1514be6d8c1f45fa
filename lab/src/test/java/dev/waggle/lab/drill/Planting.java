package dev.waggle.lab.drill;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// Makes the change of a mistake to sources in memory and compiles them against the classes that are built. Used by one thread: what it read of the
/// class path for one mistake it knows for the next.
final class Planting implements AutoCloseable {
    private final Project project;
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);

    Planting(Project project) throws IOException {
        this.project = project;
        var path = new ArrayList<>(project.classes());
        path.addAll(project.libraries());
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, path);
    }

    /// @param folder gets the changed classes
    /// @throws IllegalStateException when the sources have moved on: the mistake has to be looked at again
    void plant(Mistake mistake, Path folder) throws IOException {
        var sources = new LinkedHashMap<String, String>();
        for (var change : mistake.changes()) {
            var text = sources.getOrDefault(change.file(), Files.readString(project.root().resolve(change.file())));
            int at = text.indexOf(change.old());
            if (change.old().isBlank() || at < 0) throw new IllegalStateException(mistake.name() + ": " + change.file() + " does not say this any more:\n" + change.old());
            if (text.indexOf(change.old(), at + 1) >= 0) throw new IllegalStateException(mistake.name() + ": " + change.file() + " says this more than once:\n" + change.old());
            sources.put(change.file(), text.substring(0, at) + change.replacement() + text.substring(at + change.old().length()));
        }
        compile(mistake, sources.entrySet().stream().<JavaFileObject>map(each -> new Source(each.getKey(), each.getValue())).toList(), folder);
    }

    private void compile(Mistake mistake, List<JavaFileObject> sources, Path folder) throws IOException {
        files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(Files.createDirectories(folder)));
        var said = new StringWriter();
        if (!compiler.getTask(said, files, null, List.of("-proc:none", "-nowarn", "-parameters"), null, sources).call())
            throw new IllegalStateException(mistake.name() + " does not compile:\n" + said);
    }

    @Override public void close() throws IOException {
        files.close();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file.substring(file.indexOf("dev/waggle/"))), Kind.SOURCE);
            this.text = text;
        }

        @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
