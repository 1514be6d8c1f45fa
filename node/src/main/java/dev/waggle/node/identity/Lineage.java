package dev.waggle.node.identity;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What proves that a node continues where it stopped: kept twice, in the state folder and in node.sqlite, and in every log. Equal copies
/// on the machine that wrote them mean "the same life"; anything else means a restored backup, a copy or a doubt, and opens new epochs.
///
/// @param token   128 random bits, hexadecimal, new with every new life
/// @param starts  how often the node was started in this life
/// @param machine the machine's id, empty where the system has none
public record Lineage(String token, long starts, String machine) {
    private static final Path[] MACHINE_ID = {Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id")};

    public Lineage started() {
        return new Lineage(token, starts + 1, machine);
    }

    public String text() {
        return Canonical.text(Json.object("token", token, "starts", starts, "machine", machine));
    }

    /// @throws dev.waggle.core.event.MalformedPayload when it is not what [#text] writes
    public static Lineage parse(String text) {
        var json = Canonical.parseObject(text.strip().getBytes(StandardCharsets.UTF_8));
        return new Lineage(json.text("token"), json.integer("starts"), json.text("machine"));
    }

    static String machineId() {
        for (var file : MACHINE_ID) {
            try {
                var text = Files.readString(file).strip();
                if (!text.isEmpty()) return text;
            } catch (IOException _) {
                // the next place
            }
        }
        return "";
    }
}
