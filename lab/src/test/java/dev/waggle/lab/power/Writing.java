package dev.waggle.lab.power;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.store.sql.SqlEventLog;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The process whose power is cut: writes to a real log from several threads, checkpoints and reopens it now and then, and says each event's id
/// after the log said that it is durable.
final class Writing {
    static final Author AUTHOR = new Author(Ed25519.signer(new byte[32]), new Epoch("11".repeat(16)));
    static final Event GENESIS = Genesis.write(AUTHOR, "power", "table", Json.object(), new byte[32]);
    static final long NOW_MS = 1_800_000_000_000L;
    private static final int THREADS = 3;
    private static final int TRIES_MAX = 1_000;

    private final Path file;
    private final RandomGenerator random;
    private final int checkpointOneOf;
    private final PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);

    private Writing(Path file, long seed, int checkpointOneOf) {
        this.file = file;
        this.checkpointOneOf = checkpointOneOf;
        random = Property.random(seed);
    }

    static Path file(Path root) {
        return root.resolve("spaces").resolve("one").resolve("sync.sqlite");
    }

    static SqlEventLog open(Path file) {
        return SqlEventLog.open(file, GENESIS.space(), new Ed25519(), () -> new Epoch("22".repeat(16)));
    }

    /// @param arguments the folder, a seed, how often the log is opened, how many calls each thread makes then, and one of how many is followed by
    ///                  a checkpoint; 0: none is
    public static void main(String[] arguments) throws Exception {
        var file = file(Path.of(arguments[0]));
        PrivateFiles.makeFolder(file.getParent());
        var writing = new Writing(file, Long.parseLong(arguments[1]), Integer.parseInt(arguments[4]));
        for (int life = 0; life < Integer.parseInt(arguments[2]); life++) writing.live(Integer.parseInt(arguments[3]));
    }

    private void live(int calls) throws Exception {
        try (var log = persist(() -> open(file))) {
            persist(() -> log.append(List.of(GENESIS), NOW_MS));
            var threads = IntStream.range(0, THREADS).mapToObj(_ -> Property.random(random.nextLong()))
                .map(dice -> Thread.ofPlatform().start(() -> write(log, dice, calls))).toList();
            for (var thread : threads) thread.join();
        }
    }

    private void write(SqlEventLog log, RandomGenerator dice, int calls) {
        for (int i = 0; i < calls; i++) {
            var drafts = IntStream.rangeClosed(0, dice.nextInt(4))
                .mapToObj(_ -> new Draft("row", Json.object("text", Long.toHexString(dice.nextLong()).repeat(1 + dice.nextInt(60))))).toList();
            var bytes = new byte[dice.nextInt(6_000)];
            dice.nextBytes(bytes);
            var chunks = dice.nextInt(8) == 0 ? List.of(Chunk.of(bytes)) : List.<Chunk>of();
            var entries = persist(() -> log.write(AUTHOR, drafts, chunks, Map.of("cursor", bytes), NOW_MS));
            var said = new StringBuilder();
            for (var entry : entries) said.append("event ").append(entry.event().id().hex()).append('\n');
            for (var chunk : chunks) said.append("chunk ").append(chunk.id().hex()).append('\n');
            say(said.toString());
            if (checkpointOneOf > 0 && dice.nextInt(checkpointOneOf) == 0) checkpoint(dice);
        }
    }

    /// What SQLite does by itself after 80 MiB.
    private void checkpoint(RandomGenerator dice) {
        var kind = List.of("PASSIVE", "RESTART", "TRUNCATE").get(dice.nextInt(3));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA wal_checkpoint(" + kind + ")");
        } catch (SQLException failed) {
            System.err.println("checkpoint: " + failed.getMessage());
        }
    }

    private synchronized void say(String text) {
        out.print(text);
        out.flush();
    }

    private interface Try<T> {
        T run();
    }

    /// As the node does: what the disk refused is tried again, with the log as it then is.
    private static <T> T persist(Try<T> call) {
        for (int tries = 1; ; tries++) {
            try {
                return call.run();
            } catch (LogUnavailable unavailable) {
                System.err.println("unavailable: " + unavailable.getMessage() + ": " + unavailable.getCause());
                if (tries == TRIES_MAX) throw unavailable;
            }
        }
    }
}
