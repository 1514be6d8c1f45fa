package dev.waggle.store.capture;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.record.Value;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static org.assertj.core.api.Assertions.assertThat;

/// Two machines with a file each, in one space. Events travel when [#exchange] is called.
final class Machines implements AutoCloseable {
    private static final AtomicInteger SEEDS = new AtomicInteger();
    private static final Ed25519 VERIFIER = new Ed25519();

    final AtomicLong clockMs = new AtomicLong(1_700_000_000_000L);
    final Machine a;
    final Machine b;

    Machines(Path folder) throws SQLException {
        var authorA = author(1);
        var authorB = author(2);
        var genesis = Genesis.write(authorA, "test", "table", Json.object(), new byte[Genesis.SALT_BYTES], clockMs.get());
        a = new Machine("a", folder, log(genesis), authorA);
        b = new Machine("b", folder, log(genesis), authorB);
        a.log.write(authorA, List.of(new Draft(ControlType.MEMBER_ADDED, Json.object("subject", authorB.signer().node().hex(), "role", "writer"))), List.of(), Map.of(), clockMs.get());
        exchange();
    }

    private EventLog log(Event genesis) {
        return MemoryEventLog.create(genesis, VERIFIER, Machines::epoch, clockMs.get());
    }

    private static Author author(int number) {
        var seed = new byte[Ed25519.SEED_BYTES];
        seed[0] = (byte) number;
        return new Author(Ed25519.signer(seed), epoch());
    }

    private static Epoch epoch() {
        return new Epoch(Hex.of(new byte[12]) + "%08x".formatted(SEEDS.incrementAndGet()));
    }

    private static EventLog failing(EventLog log, AtomicInteger failures, AtomicReference<Callable<?>> reading, AtomicReference<Callable<?>> wrote) {
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
            if (method.getName().equals("write") && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0)
                throw new LogUnavailable("write", new IOException("no space left"));
            if (method.getName().equals("read")) reading.getAndSet(() -> null).call();
            try {
                var returned = method.invoke(log, arguments);
                if (method.getName().equals("write")) wrote.get().call();
                return returned;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /// One machine: its file, its log, its follower.
    final class Machine implements AutoCloseable {
        final String name;
        final Path file;
        final Path view;
        final EventLog log;
        final Author author;
        TableFollower follower;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicReference<Callable<?>> reading = new AtomicReference<>(() -> null);
        private final AtomicReference<Callable<?>> wrote = new AtomicReference<>(() -> null);
        private Program program;

        private Machine(String name, Path folder, EventLog log, Author author) throws SQLException {
            this.name = name;
            this.file = folder.resolve(name + ".sqlite");
            this.view = folder.resolve(name + ".view.sqlite");
            this.log = failing(log, failures, reading, wrote);
            this.author = author;
        }

        TableFollower open() {
            if (follower == null) follower = TableFollower.open(file, view, log, () -> author, clockMs::incrementAndGet);
            return follower;
        }

        Program program() throws SQLException {
            if (program == null) program = new Program(file);
            return program;
        }

        /// Runs statements as a program, then has them drained.
        Machine does(String... statements) throws SQLException {
            clockMs.addAndGet(10);
            program().run(statements);
            if (follower != null) follower.syncNow();
            return this;
        }

        /// The next `times` writes to the log fail as they do on a full disk.
        void failWrites(int times) {
            failures.set(times);
        }

        interface Deed {
            void run() throws Exception;
        }

        /// Happens once, when the log is read next.
        void whenRead(Deed deed) {
            reading.set(() -> {
                deed.run();
                return null;
            });
        }

        /// Happens each time when something was written to the log.
        void wheneverWritten(Deed deed) {
            wrote.set(() -> {
                deed.run();
                return null;
            });
        }

        void stop() {
            if (follower != null) follower.close();
            follower = null;
        }

        void stopProgram() throws SQLException {
            if (program != null) program.close();
            program = null;
        }

        void restart() {
            stop();
            open();
        }

        String text(String sql) throws SQLException {
            return program().text(sql);
        }

        long number(String sql) throws SQLException {
            return program().number(sql);
        }

        List<String> conflicts() {
            return follower.conflicts().stream().map(conflict -> conflict.kind() + " " + conflict.table()).sorted().toList();
        }

        @Override public void close() throws SQLException {
            stop();
            stopProgram();
        }
    }

    /// A's file is made by these statements and tracked, B's is made by joining.
    Machines shared(String... statements) throws SQLException {
        a.program().run(statements);
        a.open().track(List.of(), Progress.NONE);
        exchange();
        assertThat(b.open().join(Adopt.ASK, Progress.NONE).joined()).isTrue();
        exchange();
        assertEqual();
        return this;
    }

    /// Moves events both ways until both logs are equal.
    void exchange() {
        while (move(a.log, b.log) | move(b.log, a.log)) {
            // once more: what arrived may be merged by nothing else, but what waited may now be served
        }
        assertThat(a.log.state().fingerprint()).isEqualTo(b.log.state().fingerprint());
    }

    /// Moves what is there now: for followers that write meanwhile.
    void exchangeWhatIsThere() {
        move(a.log, b.log);
        move(b.log, a.log);
    }

    private boolean move(EventLog from, EventLog to) {
        boolean any = false;
        long at = 0;
        while (true) {
            var missing = from.readMissing(to.state().tips(), at, 500, 4 << 20);
            if (!missing.events().isEmpty()) {
                for (var event : missing.events()) moveChunks(event, from, to);
                to.append(missing.events(), clockMs.get());
                any = true;
            }
            at = missing.upTo();
            if (missing.end()) return any;
        }
    }

    private void moveChunks(Event event, EventLog from, EventLog to) {
        for (var id : event.body().arrayOrEmpty("chunks")) {
            var bytes = from.chunk(new ChunkId(id.asText())).orElseThrow();
            to.putChunks(List.of(Chunk.of(bytes)), clockMs.get());
        }
    }

    /// Exchanges and applies until nothing moves any more.
    Machines settle() {
        for (int round = 0; round < 20; round++) {
            long before = a.log.state().lastOffset() + b.log.state().lastOffset();
            if (a.follower != null) a.follower.syncNow();
            if (b.follower != null) b.follower.syncNow();
            exchange();
            if (round > 0 && before == a.log.state().lastOffset() + b.log.state().lastOffset()) return this;
        }
        throw new AssertionError("the machines do not come to rest");
    }

    void assertEqual() throws SQLException {
        settle();
        assertThat(dump(b.file)).isEqualTo(dump(a.file));
    }

    /// All rows of all tracked tables, exact.
    static Map<String, List<SortedMap<String, Value>>> dump(Path path) throws SQLException {
        var dump = new TreeMap<String, List<SortedMap<String, Value>>>();
        try (var file = UserFile.open(path, 5_000)) {
            for (var table : FileSchema.read(file.connection()).tables().values()) {
                try (var sql = new TableSql(file, table)) {
                    var rows = new ArrayList<SortedMap<String, Value>>();
                    for (var page = sql.page(java.util.Optional.empty(), 1_000); !page.isEmpty(); page = sql.page(java.util.Optional.of(table.keyOf(page.getLast())), 1_000))
                        rows.addAll(page);
                    dump.put(table.name(), rows);
                }
            }
        }
        return dump;
    }

    /// A consistent copy of a file, as a backup tool makes it.
    static void backup(Path from, Path to) throws Exception {
        Files.deleteIfExists(to);
        try (var program = new Program(from)) {
            program.run("VACUUM INTO " + Sql.text(to.toString()));
        }
    }

    static Map<String, String> schemaOf(Path path) throws SQLException {
        try (var program = new Program(path); var statement = program.connection().createStatement();
             var rows = statement.executeQuery("SELECT name, coalesce(sql, '') FROM sqlite_schema")) {
            var schema = new HashMap<String, String>();
            while (rows.next()) schema.put(rows.getString(1), rows.getString(2));
            return schema;
        }
    }

    @Override public void close() throws SQLException {
        a.close();
        b.close();
    }
}
