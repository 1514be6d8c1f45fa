package dev.waggle.node.board;

import dev.waggle.apps.board.BoardLimits;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.AnyJson;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The member `board` of `settings.json`. Every member may be left out.
///
/// @param nodeName     how this node calls itself on boards (`node_name`); empty for the beginning of its id
/// @param publicUrl    where others find it (`public_url`)
/// @param offlineMs    a linked project that met no other member for so long is out of touch (`offline_after_hours`, 24)
/// @param executes     whether tasks are carried out here (`executor.enabled`, false)
/// @param commands     what may be run, by name (`executor.commands`): nothing that a task says becomes part of a command. A task names one with the label
///                     `run:NAME`; without, `default` is meant
/// @param projects     names of the projects whose tasks are carried out (`executor.projects`); empty for all
/// @param slots        commands at once (`executor.slots`, 1)
/// @param leaseMs      of a claim, renewed three times as often (`executor.lease_ms`, 60,000)
/// @param settleMs     from a claim to the start of its command, so that claims by others arrive first (`executor.settle_ms`, 2,000)
public record BoardOptions(Optional<String> nodeName, Optional<String> publicUrl, long offlineMs, boolean executes, SortedMap<String, List<String>> commands, Set<String> projects,
                           int slots, long leaseMs, long settleMs) {
    private static final Set<String> MEMBERS = Set.of("node_name", "public_url", "offline_after_hours", "executor");
    private static final Set<String> EXECUTOR = Set.of("enabled", "commands", "projects", "slots", "lease_ms", "settle_ms");
    private static final long HOUR_MS = 3_600_000;

    /// @throws Problem when a member is not what it should be
    public static BoardOptions read(Path data) {
        var file = data.resolve("settings.json");
        try {
            return of(Files.exists(file) ? AnyJson.object(Files.readAllBytes(file)) : Json.object());
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The settings in " + file + " cannot be read.", "Check the file's owner and permissions.", e);
        }
    }

    /// As the member of a settings file says it.
    ///
    /// @throws Problem when a member is not what it should be
    public static BoardOptions of(Json.Obj settings) {
        try {
            return read(settings.get("board").isPresent() ? settings.object("board") : Json.object());
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"board\" in settings.json is not as it should be: " + e.getMessage() + ".", "Correct it, or take the member out to use the default.", e);
        }
    }

    /// What may change while a node runs, from `newer`; the executor stays as it is.
    BoardOptions running(BoardOptions newer) {
        return new BoardOptions(newer.nodeName, newer.publicUrl, newer.offlineMs, executes, commands, projects, slots, leaseMs, settleMs);
    }

    private static BoardOptions read(Json.Obj json) {
        known("board", json, MEMBERS);
        var executor = json.get("executor").isPresent() ? json.object("executor") : Json.object();
        known("board.executor", executor, EXECUTOR);
        var commands = new TreeMap<String, List<String>>();
        if (executor.get("commands").isPresent()) executor.object("commands").members().forEach((name, words) -> {
            var command = words.asArray().stream().map(Json::asText).toList();
            if (command.isEmpty() || !Path.of(command.getFirst()).isAbsolute()) throw new MalformedPayload("the command \"" + name + "\" does not begin with the absolute path of a program");
            commands.put(name, command);
        });
        return new BoardOptions(json.textIfPresent("node_name").map(BoardLimits::nodeName), json.textIfPresent("public_url").map(BoardLimits::url), number(json, "offline_after_hours", 24, 0, 100_000) * HOUR_MS,
            executor.get("enabled").filter(Json.TRUE::equals).isPresent(), commands, Set.copyOf(executor.arrayOrEmpty("projects").stream().map(Json::asText).toList()),
            (int) number(executor, "slots", 1, 1, 64), number(executor, "lease_ms", 60_000, 1_000, HOUR_MS), number(executor, "settle_ms", 2_000, 0, 60_000));
    }

    private static void known(String what, Json.Obj json, Set<String> members) {
        for (var name : json.members().keySet()) if (!members.contains(name)) throw new MalformedPayload("\"" + what + "\" has no member \"" + name + "\"");
    }

    private static long number(Json.Obj json, String name, long otherwise, long min, long max) {
        if (json.get(name).isEmpty()) return otherwise;
        long value = json.integer(name);
        if (value < min || value > max) throw new MalformedPayload("\"" + name + "\" is not from " + min + " to " + max);
        return value;
    }
}
