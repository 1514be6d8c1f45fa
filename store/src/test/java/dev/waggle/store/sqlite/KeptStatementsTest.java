package dev.waggle.store.sqlite;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeptStatementsTest {
    private Connection connection;
    private KeptStatements kept;

    @BeforeEach void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        kept = new KeptStatements(connection, 3);
        kept.run("CREATE TABLE t (n INTEGER PRIMARY KEY)");
    }

    @AfterEach void close() throws SQLException {
        connection.close();
    }

    @Test void a_text_is_prepared_once() throws SQLException {
        var first = kept.get("SELECT n FROM t");
        assertThat(kept.get("SELECT n FROM t")).isSameAs(first);
    }

    @Test void a_statement_that_the_driver_closed_is_prepared_anew() throws SQLException {
        var insert = "INSERT INTO t VALUES (abs(?))";
        kept.get(insert).setLong(1, Long.MIN_VALUE);
        assertThatThrownBy(() -> kept.get(insert).executeUpdate()).hasMessageContaining("integer overflow");
        kept.get(insert).setLong(1, -5);
        assertThat(kept.get(insert).executeUpdate()).isEqualTo(1);
        assertThat(kept.number("SELECT n FROM t")).isEqualTo(5);
    }

    @Test void a_broken_constraint_costs_no_statement() throws SQLException {
        var insert = kept.get("INSERT INTO t VALUES (7)");
        insert.executeUpdate();
        assertThatThrownBy(insert::executeUpdate).hasMessageContaining("UNIQUE");
        assertThat(kept.get("INSERT INTO t VALUES (7)")).isSameAs(insert);
    }

    @Test void the_schema_may_change() throws SQLException {
        kept.run("INSERT INTO t VALUES (1)");
        assertThat(kept.number("SELECT count(*) FROM t")).isEqualTo(1);
        kept.run("ALTER TABLE t ADD COLUMN x");
        assertThat(kept.number("SELECT count(*) FROM t")).isEqualTo(1);
    }

    @Test void too_many_are_forgotten() throws SQLException {
        var first = kept.get("SELECT 1");
        for (int i = 2; i < 6; i++) assertThat(kept.number("SELECT " + i)).isEqualTo(i);
        assertThat(first.isClosed()).isTrue();
        assertThat(kept.number("SELECT 1")).isEqualTo(1);
    }
}
