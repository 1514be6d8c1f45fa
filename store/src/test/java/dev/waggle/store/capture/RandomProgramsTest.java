package dev.waggle.store.capture;

import dev.waggle.core.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// Programs do anything to both files, events travel at any time, nodes restart: in the end both files are equal, satisfy their
/// constraints, and name the same conflicts (I2, I8, I12).
class RandomProgramsTest {
    @TempDir Path folder;

    private static final String[] SCHEMA = {
        "CREATE TABLE person (id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE UNIQUE, name TEXT)",
        "CREATE TABLE item (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES person ON DELETE CASCADE ON UPDATE CASCADE, place INTEGER UNIQUE, v)",
        "CREATE TABLE tag (item INTEGER REFERENCES item ON DELETE CASCADE ON UPDATE CASCADE, name TEXT COLLATE NOCASE, n INTEGER, PRIMARY KEY (item, name)) WITHOUT ROWID"};

    @Tag("T12") @Tag("lesson-constraint-on-one-side") @Test void two_files_converge_whatever_programs_do() {
        Property.check(Integer.getInteger("runs", 8), random -> {
            var where = Files.createTempDirectory(folder, "run");
            try (var machines = new Machines(where)) {
                machines.shared(SCHEMA);
                int steps = random.nextInt(5, 25);
                for (int i = 0; i < steps; i++) step(machines, random.nextBoolean() ? machines.a : machines.b, random);
                machines.assertEqual();
                assertThat(machines.a.conflicts()).isEqualTo(machines.b.conflicts());
                for (var machine : new Machines.Machine[] {machines.a, machines.b}) {
                    assertThat(machine.number("SELECT count(*) FROM pragma_foreign_key_check")).isZero();
                    assertThat(machine.text("PRAGMA integrity_check")).isEqualTo("ok");
                    assertThat(machine.follower.status().refusedRows()).isEmpty();
                }
                var before = Machines.dump(machines.a.file);
                machines.a.stop();
                for (var suffix : new String[] {"", "-wal", "-shm"}) Files.deleteIfExists(Path.of(machines.a.view + suffix));
                machines.a.open();
                machines.settle();
                assertThat(Machines.dump(machines.a.file)).as("a view that was made again shows the same").isEqualTo(before);
            }
        });
    }

    private static void step(Machines machines, Machines.Machine machine, RandomGenerator random) throws SQLException {
        switch (random.nextInt(8)) {
            case 0 -> machines.exchange();
            case 1 -> machine.follower.syncNow();
            case 2 -> machine.restart();
            default -> write(machine, random);
        }
    }

    /// One transaction of a program; what its constraints refuse is rolled back, as programs do.
    private static void write(Machines.Machine machine, RandomGenerator random) throws SQLException {
        var statements = new ArrayList<String>();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) statements.add(statement(random));
        var program = machine.program();
        program.run("BEGIN IMMEDIATE");
        try {
            program.run(statements.toArray(String[]::new));
            program.run("COMMIT");
        } catch (SQLException e) {
            assertThat(UserFile.isConstraint(e)).as(e.getMessage()).isTrue();
            program.run("ROLLBACK");
        }
        if (random.nextBoolean()) machine.follower.syncNow();
    }

    private static String statement(RandomGenerator random) {
        int id = random.nextInt(1, 6);
        int other = random.nextInt(1, 6);
        int n = random.nextInt(100);
        return switch (random.nextInt(14)) {
            case 0 -> "INSERT OR IGNORE INTO person VALUES (%d, 'm%d', 'p%d')".formatted(id, other, n);
            case 1 -> "REPLACE INTO person VALUES (%d, 'M%d', 'r%d')".formatted(id, other, n);
            case 2 -> "UPDATE person SET name = 'n%d' WHERE id = %d".formatted(n, id);
            case 3 -> "UPDATE OR REPLACE person SET mail = 'M%d' WHERE id = %d".formatted(other, id);
            case 4 -> "UPDATE OR IGNORE person SET id = %d WHERE id = %d".formatted(other, id);
            case 5 -> "DELETE FROM person WHERE id = %d".formatted(id);
            case 6 -> "INSERT OR IGNORE INTO item SELECT %d, id, %d, %d FROM person WHERE id = %d".formatted(id, n % 6, n, other);
            case 7 -> "INSERT INTO item SELECT %d, id, %d, 'u' FROM person WHERE id = %d ON CONFLICT DO UPDATE SET v = v || 'x'".formatted(id, n % 6, other);
            case 8 -> "UPDATE OR REPLACE item SET place = %d WHERE id = %d".formatted(n % 6, id);
            case 9 -> "UPDATE item SET v = randomblob(3) WHERE id = %d".formatted(id);
            case 10 -> "DELETE FROM item WHERE id = %d".formatted(id);
            case 11 -> "INSERT OR REPLACE INTO tag SELECT id, '%s', %d FROM item WHERE id = %d".formatted(n % 2 == 0 ? "Red" : "red", n, id);
            case 12 -> "UPDATE tag SET n = %d WHERE item = %d".formatted(n, id);
            default -> "UPDATE OR REPLACE item SET id = %d WHERE id = %d".formatted(other, id);
        };
    }
}
