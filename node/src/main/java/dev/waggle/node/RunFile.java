package dev.waggle.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.identity.PrivateFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// How commands find the node that runs on a data folder: `run.json` (where REST is) and `token`. A file that a crash left behind is no
/// harm: nobody answers there, and the lock decides.
///
/// @param rest `host:port`
public record RunFile(long pid, String rest) {
    public static Optional<RunFile> read(Path data) {
        try {
            var json = Canonical.parseObject(Files.readAllBytes(data.resolve("run.json")));
            return Optional.of(new RunFile(json.integer("pid"), json.text("rest")));
        } catch (IOException | MalformedPayload _) {
            return Optional.empty();                     // no node, or one that stopped while writing
        }
    }

    public void write(Path data) throws IOException {
        PrivateFiles.write(data.resolve("run.json"), Canonical.text(Json.object("pid", pid, "rest", rest)));
    }

    public static void delete(Path data) throws IOException {
        Files.deleteIfExists(data.resolve("run.json"));
    }

    /// The token that REST asks for; empty when no node ever ran here.
    public static Optional<String> token(Path data) throws IOException {
        var file = data.resolve("token");
        if (!Files.exists(file)) return Optional.empty();
        PrivateFiles.requirePrivate(file);
        return Optional.of(Files.readString(file, StandardCharsets.US_ASCII).strip());
    }

    /// Keeps the token of earlier starts, or writes `fresh`.
    public static String tokenOrElse(Path data, String fresh) throws IOException {
        var known = token(data);
        if (known.isPresent()) return known.get();
        PrivateFiles.write(data.resolve("token"), fresh + "\n");
        return fresh;
    }
}
