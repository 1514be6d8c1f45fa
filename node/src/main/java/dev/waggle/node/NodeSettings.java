package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.postgres.DatabaseAddress;
import dev.waggle.sync.engine.Clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a node is set up. Each value comes from the first of: a flag, the environment (`WAGGLE_…`), `settings.json` in the data folder, the default.
///
/// @param data       everything the node keeps but its key
/// @param stateRoot  where the keys of all nodes of this user are
/// @param listen     `host:port` for peers; port 0 takes the port of the last start, or any free one; empty to be reached by nobody
/// @param addresses  what invitations name, `host:port`; empty for the listening address
/// @param rest       `host:port` on loopback for REST; empty for none
/// @param clock      the machine's, which is as right as the machine's
/// @param hub        other nodes register here and find each other by it: `--hub`, or `"hub": true` in the file
/// @param sync       how peers are found and exchanged with: of the file only
/// @param compaction when logs are made small: of the file only
/// @param database   where the logs are instead of in files: `--database`, `WAGGLE_DATABASE` or `"database"`; the password may also come from
///                   `WAGGLE_DATABASE_PASSWORD`, or the first line of the file that `WAGGLE_DATABASE_PASSWORD_FILE` names
/// @param processes  how this is one of several processes of a hub; only with a database
/// @param hubAddress the hub whose organisation this node belongs to
public record NodeSettings(Path data, Path stateRoot, Optional<String> listen, List<String> addresses, Optional<String> rest, boolean newIdentity,
                           Clock clock, SyncOptions sync, CompactionOptions compaction, boolean hub, Optional<DatabaseAddress> database, HubProcesses processes, Optional<HubAddress> hubAddress) {
    public static final String DEFAULT_LISTEN = "127.0.0.1:0";
    public static final String DEFAULT_REST = "127.0.0.1:0";
    /// For tests only: milliseconds by which the node's wall clock is wrong. No flag and no settings file has it.
    public static final String CLOCK_OFFSET = "WAGGLE_CLOCK_OFFSET_MS";

    /// What the command line said; empty means "not said".
    public record Flags(Optional<Path> data, Optional<String> listen, List<String> addresses, Optional<String> rest, boolean newIdentity,
                        boolean hub, Optional<String> database, Optional<Path> keyFile, Optional<String> fanout) {
        public static final Flags NONE = new Flags(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);

        public Flags(Optional<Path> data, Optional<String> listen, List<String> addresses, Optional<String> rest, boolean newIdentity) {
            this(data, listen, addresses, rest, newIdentity, false, Optional.empty(), Optional.empty(), Optional.empty());
        }

        public Flags asHub() {
            return new Flags(data, listen, addresses, rest, newIdentity, true, database, keyFile, fanout);
        }

        public Flags withData(Path folder) {
            return new Flags(Optional.of(folder), listen, addresses, rest, newIdentity, hub, database, keyFile, fanout);
        }
    }

    /// @throws Problem when the settings file cannot be read as what it should be
    public static NodeSettings read(Flags flags, Map<String, String> environment) {
        var data = dataFolder(flags.data(), environment);
        var file = settingsFile(data);
        var addresses = !flags.addresses().isEmpty() ? flags.addresses() : environment.containsKey("WAGGLE_ADDRESS")
            ? List.of(environment.get("WAGGLE_ADDRESS").split(",")) : texts(file, "addresses");
        return new NodeSettings(data, stateRoot(environment),
            Optional.of(first(flags.listen(), environment.get("WAGGLE_LISTEN"), text(file, "listen"), DEFAULT_LISTEN)),
            addresses,
            Optional.of(first(flags.rest(), environment.get("WAGGLE_REST"), text(file, "rest"), DEFAULT_REST)),
            flags.newIdentity(), clock(environment), SyncOptions.read(file), CompactionOptions.read(file),
            flags.hub() || Json.TRUE.equals(file.get("hub").orElse(null)), database(flags, environment, file),
            HubProcesses.read(flags, environment, file),
            HubAddress.read(environment, file));
    }

    /// The same node with what may change while it runs as a new settings file says it: when logs are made small, whom alerts go to, who may connect and how much he may push, and
    /// (unless a flag or the environment names them) the addresses of invitations. All else stays as it was at the start.
    ///
    /// @throws Problem when any member of the file is not what it should be
    public NodeSettings running(Json.Obj file, boolean addressesToo) {
        return new NodeSettings(data, stateRoot, listen, addressesToo ? texts(file, "addresses").stream().map(address -> HostPort.parse(address).text()).toList() : addresses, rest, newIdentity, clock,
            sync.running(SyncOptions.read(file)), CompactionOptions.read(file), hub, database, processes, hubAddress);
    }

    private static Optional<DatabaseAddress> database(Flags flags, Map<String, String> environment, Json.Obj file) {
        var said = flags.database().or(() -> Optional.ofNullable(environment.get("WAGGLE_DATABASE"))).or(() -> text(file, "database"));
        if (said.isEmpty()) return Optional.empty();
        try {
            return Optional.of(DatabaseAddress.parse(said.get(), password(environment)));
        } catch (IllegalArgumentException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "The database is not named as it should be.", "Write " + e.getMessage() + "; the password goes into WAGGLE_DATABASE_PASSWORD.", e);
        }
    }

    private static Optional<String> password(Map<String, String> environment) {
        var file = environment.get("WAGGLE_DATABASE_PASSWORD_FILE");
        if (file == null) return Optional.ofNullable(environment.get("WAGGLE_DATABASE_PASSWORD"));
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Problem(ErrorCode.STORAGE, "The file that WAGGLE_DATABASE_PASSWORD_FILE names cannot be read.", "Check its name and permissions.", e);
        }
    }

    /// The same node for the length of one command: it serves nobody.
    public NodeSettings unreachable() {
        return new NodeSettings(data, stateRoot, Optional.empty(), addresses, Optional.empty(), newIdentity, clock, sync.alone(), compaction, false, database, processes, Optional.empty());
    }

    /// The same node without REST: for a program that has it in its own process.
    public NodeSettings withoutRest() {
        return new NodeSettings(data, stateRoot, listen, addresses, Optional.empty(), newIdentity, clock, sync, compaction, hub, database, processes, hubAddress);
    }

    /// The flag, `WAGGLE_DATA`, `$XDG_DATA_HOME/waggle`, or `~/.waggle`.
    public static Path dataFolder(Optional<Path> flag, Map<String, String> environment) {
        if (flag.isPresent()) return flag.get().toAbsolutePath().normalize();
        if (environment.containsKey("WAGGLE_DATA")) return Path.of(environment.get("WAGGLE_DATA")).toAbsolutePath().normalize();
        var xdg = environment.get("XDG_DATA_HOME");
        return xdg != null && !xdg.isBlank() ? Path.of(xdg, "waggle") : home(environment).resolve(".waggle");
    }

    private static Clock clock(Map<String, String> environment) {
        var offset = environment.get(CLOCK_OFFSET);
        if (offset == null) return Clock.system();
        try {
            return Clock.system().wrongBy(Long.parseLong(offset));
        } catch (NumberFormatException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, CLOCK_OFFSET + " is not a number of milliseconds.", "Unset it: it is for tests.", e);
        }
    }

    private static Path stateRoot(Map<String, String> environment) {
        if (environment.containsKey("WAGGLE_STATE")) return Path.of(environment.get("WAGGLE_STATE")).toAbsolutePath().normalize();
        var xdg = environment.get("XDG_STATE_HOME");
        return xdg != null && !xdg.isBlank() ? Path.of(xdg, "waggle") : home(environment).resolve(".local").resolve("state").resolve("waggle");
    }

    /// What the shell calls home, which may be another folder than the one of the account.
    private static Path home(Map<String, String> environment) {
        var home = environment.get("HOME");
        return Path.of(home != null && !home.isBlank() ? home : System.getProperty("user.home"));
    }

    /// Where a node's settings file is.
    public static Path file(Path data) {
        return data.resolve("settings.json");
    }

    /// What it says now; nothing when there is none.
    public static Json.Obj settingsFile(Path data) {
        var file = file(data);
        try {
            return Files.exists(file) ? AnyJson.object(Files.readAllBytes(file)) : Json.object();
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The settings in " + file + " cannot be read.", "Check the file's owner and permissions.", e);
        } catch (Problem e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, file + " is not one JSON object.", "Correct it, or move it away to use the defaults.", e);
        }
    }

    static Optional<String> text(Json.Obj file, String name) {
        try {
            return file.textIfPresent(name);
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"" + name + "\" in settings.json is not a string.", "Write it as \"host:port\".", e);
        }
    }

    private static List<String> texts(Json.Obj file, String name) {
        try {
            return file.arrayOrEmpty(name).stream().map(Json::asText).toList();
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"" + name + "\" in settings.json is not a list of strings.", "Write it as [\"host:port\"].", e);
        }
    }

    private static String first(Optional<String> flag, String environment, Optional<String> file, String otherwise) {
        return flag.orElse(environment != null ? environment : file.orElse(otherwise));
    }
}
