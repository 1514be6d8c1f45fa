package dev.waggle.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// Folders that a measurement fills and leaves.
public final class Scratch {
    private Scratch() {}

    /// Removes a folder with all that is in it, if it is there.
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        var found = new ArrayList<Path>();
        try (var walk = Files.walk(folder)) {
            walk.forEach(found::add);
        }
        for (var path : found.reversed()) Files.deleteIfExists(path);            // what is in a folder comes after it
    }
}
