package dev.waggle.lab.fuzz;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a target's inputs are: the kept ones in the sources, what runs discover and write in the build's folder.
record Corpus(String target) {
    private static final Path LAB = lab();

    /// `lab`, found from where this class was compiled to: tests and commands start in different folders.
    private static Path lab() {
        try {
            return Path.of(Corpus.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Inputs worth keeping: hand-made, minimised from long runs, and every input that ever broke something (`found-…`).
    Path kept() {
        return LAB.resolve("src/test/fuzz").resolve(target);
    }

    /// Inputs that reached something new, of all runs on this machine.
    Path discovered() {
        return LAB.resolve("target/fuzz").resolve(target);
    }

    /// Everything else that a run writes: its output, and inputs that broke something, before they are kept.
    Path run() {
        return LAB.resolve("target/fuzz-runs").resolve(target);
    }

    List<Path> files() throws IOException {
        if (!Files.isDirectory(kept())) return List.of();
        try (var files = Files.list(kept())) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// Keeps an input that broke something, so that every later build replays it.
    Path keep(byte[] input) throws IOException {
        Files.createDirectories(kept());
        var file = kept().resolve("found-" + Hex.of(Sha256.of(input)).substring(0, 12));
        return Files.write(file, input);
    }
}
