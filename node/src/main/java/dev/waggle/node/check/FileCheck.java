package dev.waggle.node.check;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.sql.LogScrub;
import dev.waggle.store.sql.SqlEventLog;
import dev.waggle.store.sqlite.UnusableFile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What can be said of a log file without a node: a copy, a backup.
///
/// @param damages one sentence each; empty when everything proves itself
/// @param says    how much is in it and the fingerprint of all it says; empty when it is damaged
public record FileCheck(Path file, List<String> damages, String says) {
    private static final NodeId NOBODY = new NodeId("0".repeat(64));
    private static final int PAGE_ENTRIES = 1_000;
    private static final int PAGE_BYTES = 4 << 20;

    /// The folder that a log lies in is named by its space.
    public static FileCheck of(Path file) {
        var damages = damages(file);
        try {
            return new FileCheck(file, damages, damages.isEmpty() ? says(file) : "");
        } catch (LogUnavailable | UnusableFile | DamagedLog e) {
            return new FileCheck(file, List.of(String.valueOf(e.getMessage())), "");
        }
    }

    /// What is wrong with a log that nobody has open, one sentence each.
    public static List<String> damages(Path file) {
        var damages = new ArrayList<String>();
        try {
            var scan = LogScrub.scan(file, new Ed25519(), NOBODY, _ -> false, _ -> {});
            scan.damages().forEach(damage -> damages.add(damage.toString()));
            damages.addAll(scan.other());
        } catch (LogUnavailable | UnusableFile | DamagedLog e) {
            damages.add(String.valueOf(e.getMessage()));
        }
        return damages;
    }

    private static String says(Path file) {
        var digest = Sha256.digest();
        long entries = 0;
        try (var log = SqlEventLog.open(file, space(file), new Ed25519(), () -> {
            throw new IllegalStateException("nothing is written here");
        })) {
            digest.update(log.state().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(log.counts().toString().getBytes(StandardCharsets.UTF_8));
            while (true) {
                var page = log.read(entries, PAGE_ENTRIES, PAGE_BYTES);
                if (page.isEmpty()) break;
                for (var entry : page) {
                    entries = entry.offset();
                    if (entry instanceof Entry.Admitted(_, var event, var verdict)) {
                        digest.update((event.id().hex() + verdict).getBytes(StandardCharsets.US_ASCII));
                        event.signature().ifPresent(digest::update);
                    } else digest.update(entry.toString().getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return entries + " entries, fingerprint " + Hex.of(digest.digest()).substring(0, 32);
    }

    private static SpaceId space(Path file) {
        var folder = file.toAbsolutePath().getParent().getFileName().toString();
        if (!Hex.isLower(folder, 64)) throw new UnusableFile("a log lies in a folder named by its space; copy the folder, not the file alone");
        return new SpaceId(folder);
    }

    public Json.Obj toJson() {
        return Json.object("file", file.toString(), "good", damages.isEmpty(), "damages", Json.array(damages.stream().map(Json::of).toList()),
            "says", says.isEmpty() ? null : says);
    }
}
