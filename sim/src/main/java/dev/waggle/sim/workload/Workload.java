package dev.waggle.sim.workload;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the programs of a run do: on which tables, by which policies, with which statements.
///
/// @param policies          by table, "*" for all others; empty to draw one
/// @param statements        drawn by weight; never empty
/// @param statementsMin     in one transaction
/// @param statementsMax     in one transaction
/// @param foreignKeys       as PRAGMA foreign_keys in these programs
public record Workload(String name, Database database, SortedMap<String, String> policies, List<Statement> statements, int statementsMin, int statementsMax,
                       boolean foreignKeys) {
    public Workload {
        policies = new TreeMap<>(policies);
        statements = List.copyOf(statements);
        if (statements.isEmpty()) throw new IllegalArgumentException("a workload has statements");
    }

    /// @param weight how often it is drawn, beside the weights of the others
    public sealed interface Statement {
        int weight();

        String table();

        /// @param columns those that are not named are drawn as is typical for them
        /// @param replace as INSERT OR REPLACE
        record Insert(int weight, String table, Map<String, Generator> columns, boolean replace) implements Statement {
            public Insert {
                columns = new TreeMap<>(columns);
            }
        }

        /// Of one row that is there.
        ///
        /// @param columns to set; empty for one or two of any
        record Update(int weight, String table, Map<String, Generator> columns) implements Statement {
            public Update {
                columns = new TreeMap<>(columns);
            }
        }

        /// Of one row that is there.
        record Delete(int weight, String table) implements Statement {}

        /// For people: `insert customer`.
        default String title() {
            return switch (this) {
                case Insert insert -> (insert.replace ? "insert or replace " : "insert ") + insert.table;
                case Update update -> "update " + update.table;
                case Delete delete -> "delete " + delete.table;
            };
        }
    }

    /// The events that the space begins with.
    public List<Draft> schemaDrafts() {
        return database.schemas().stream().map(ChangeSetCodec::schema).toList();
    }

    /// For the genesis event.
    ///
    /// @param otherwise the policy of all tables when this workload names none
    public Json.Obj policies(String otherwise) {
        var named = new TreeMap<String, Json>();
        named.put("*", Json.of(otherwise));
        policies.forEach((table, policy) -> named.put(table, Json.of(policy)));
        return new Json.Obj(named);
    }

    /// Statements of any database: rows come, every column changes, rows go; keys are few, so that nodes meet at them.
    public static Workload derived(String name, Database database) {
        var statements = new ArrayList<Statement>();
        for (var table : database.tables().keySet()) {
            statements.add(new Statement.Insert(4, table, Map.of(), false));
            statements.add(new Statement.Insert(1, table, Map.of(), true));
            statements.add(new Statement.Update(5, table, Map.of()));
            statements.add(new Statement.Delete(2, table));
        }
        return new Workload(name, database, new TreeMap<>(), statements, 1, 4, true);
    }

    public Workload withForeignKeys(boolean on) {
        return new Workload(name, database, policies, statements, statementsMin, statementsMax, on);
    }
}
