package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// How this is one of several processes of a hub, which share its key and its database.
///
/// @param keyFile the key of the hub's first process: `--key-file`, `WAGGLE_KEY_FILE` or `"key_file"`; empty for the first one itself
/// @param nats    the server over which the processes tell each other what is new, `nats://host:port`: `--fanout`, `WAGGLE_FANOUT` or `"fanout"`; empty for the database
public record HubProcesses(Optional<Path> keyFile, Optional<String> nats) {
    public static final HubProcesses ONE = new HubProcesses(Optional.empty(), Optional.empty());

    /// @throws Problem when there is no database that several processes could share
    static HubProcesses read(NodeSettings.Flags flags, Map<String, String> environment, Json.Obj file) {
        var keyFile = flags.keyFile().or(() -> Optional.ofNullable(environment.get("WAGGLE_KEY_FILE")).or(() -> NodeSettings.text(file, "key_file")).map(Path::of));
        var nats = flags.fanout().or(() -> Optional.ofNullable(environment.get("WAGGLE_FANOUT"))).or(() -> NodeSettings.text(file, "fanout"));
        if (nats.filter(url -> !url.matches("(nats|tls)://[^\\s]{1,300}")).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "The processes of a hub cannot tell each other by \"" + nats.get() + "\".", "Write nats://HOST:4222, or leave it out: the database does it, too.");
        var database = flags.database().isPresent() || environment.containsKey("WAGGLE_DATABASE") || NodeSettings.text(file, "database").isPresent();
        if (keyFile.isPresent() && !database)
            throw new Problem(ErrorCode.BAD_REQUEST, "Two nodes cannot have one key.", "Several processes of one hub share a PostgreSQL database: add --database, the same as the first one's.");
        if (nats.isPresent() && !database)
            throw new Problem(ErrorCode.BAD_REQUEST, "There are no other processes of this hub to tell anything.", "--fanout is for several processes that share a PostgreSQL database: add --database.");
        return new HubProcesses(keyFile, nats);
    }
}
