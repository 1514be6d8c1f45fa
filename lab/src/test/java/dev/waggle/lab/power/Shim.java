package dev.waggle.lab.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// `writelog.c`, compiled with the machine's C compiler where it has one.
record Shim(Path library) {
    private static final int COMPILE_SECONDS_MAX = 60;

    /// @param folder where to put the library
    /// @return nothing where there is no C compiler, or no LD_PRELOAD
    static Optional<Shim> compile(Path folder) throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) return Optional.empty();
        var source = folder.resolve("writelog.c");
        try (var in = Shim.class.getResourceAsStream("writelog.c")) {
            Files.copy(in, source);
        }
        var library = folder.resolve("writelog.so");
        var output = folder.resolve("cc.log");
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl", "-lpthread")
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        } catch (IOException _) {
            return Optional.empty();
        }
        if (!compiler.waitFor(COMPILE_SECONDS_MAX, TimeUnit.SECONDS)) compiler.destroyForcibly();
        if (compiler.waitFor() != 0) throw new IOException("cc: " + Files.readString(output));
        return Optional.of(new Shim(library));
    }

    /// What a process needs in its environment to be written down.
    ///
    /// @param root the folder; absolute, without symbolic links
    Map<String, String> environment(Path root, Path log) {
        return Map.of("LD_PRELOAD", library.toString(), "WRITELOG_ROOT", root.toString(), "WRITELOG_FILE", log.toString());
    }
}
