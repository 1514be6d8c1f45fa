package dev.waggle.sim.workload;

import dev.waggle.apps.table.Policy;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads the text in which people describe what their programs write; `docs/simulate.md` is its manual.
///
/// ```
/// # a comment
/// transaction 1..5                 statements in one transaction
/// foreign_keys on                  as PRAGMA foreign_keys in the programs
/// policy * merge                   union, last-write or merge; for one table or for all others
/// insert 4 customer                weight, table; "insert or replace" also
///   name   values 'Ada' 'Grace'    columns that are not named are drawn as is typical for their type
///   age    range 18..99 null 10%
/// update 3 customer
/// delete 1 customer
/// ```
public final class WorkloadFile {
    private static final int WEIGHT_MAX = 1_000_000;
    private static final int CHARACTERS_MAX = 1_000_000;
    private static final int STATEMENTS_MAX = 1_000;
    private static final String GENERATORS = "values, range, text, blob, row, next, add, uuid, typical";

    private final Database database;
    private final Map<String, String> policies = new TreeMap<>();
    private final List<Open> statements = new ArrayList<>();
    private int statementsMin = 1;
    private int statementsMax = 4;
    private boolean foreignKeys = true;
    private int line;
    private List<SqlTokens.Token> words = List.of();
    private int at;

    /// A statement whose columns are still being read.
    private record Open(int line, String verb, boolean replace, int weight, Database.Table table, Map<String, Generator> columns) {
        Workload.Statement statement() {
            return switch (verb) {
                case "insert" -> new Workload.Statement.Insert(weight, table.name(), columns, replace);
                case "update" -> new Workload.Statement.Update(weight, table.name(), columns);
                default -> new Workload.Statement.Delete(weight, table.name());
            };
        }
    }

    private WorkloadFile(Database database) {
        this.database = database;
    }

    /// @throws WorkloadRefused with the line and what is wrong there
    public static Workload read(String name, String text, Database database) {
        return new WorkloadFile(database).run(name, text);
    }

    private Workload run(String name, String text) {
        for (var each : text.split("\r?\n", -1)) {
            line++;
            at = 0;
            try {
                words = SqlTokens.of(each);
            } catch (IllegalArgumentException unclosed) {
                throw refused(unclosed.getMessage());
            }
            if (words.isEmpty()) continue;
            if (Character.isWhitespace(each.charAt(0))) column();
            else directive();
            if (at < words.size()) throw refused("nothing is expected after this, but there is " + words.get(at).text());
        }
        var derived = Workload.derived(name, database);
        return new Workload(name, database, new TreeMap<>(policies), statements.isEmpty() ? derived.statements() : statements.stream().map(Open::statement).toList(),
            statementsMin, statementsMax, foreignKeys);
    }

    private WorkloadRefused refused(String what) {
        return new WorkloadRefused(line, what);
    }

    private void directive() {
        var verb = next("a directive").text();
        switch (verb.toLowerCase(java.util.Locale.ROOT)) {
            case "transaction" -> {
                var range = integers(1, STATEMENTS_MAX);
                statementsMin = (int) range[0];
                statementsMax = (int) range[1];
            }
            case "foreign_keys" -> foreignKeys = switch (next("on or off").text().toLowerCase(java.util.Locale.ROOT)) {
                case "on" -> true;
                case "off" -> false;
                default -> throw refused("foreign_keys is on or off");
            };
            case "policy" -> policy();
            case "insert" -> open("insert", isNext("or") && replace());
            case "update", "delete" -> open(verb.toLowerCase(java.util.Locale.ROOT), false);
            default -> throw refused("\"" + verb + "\" is no directive; a line begins with transaction, foreign_keys, policy, insert, update or delete,"
                + " and the columns of a statement are indented");
        }
    }

    private boolean replace() {
        at++;
        if (!next("replace").is("replace")) throw refused("it is spelt \"insert or replace\"");
        return true;
    }

    private void policy() {
        var table = next("a table or *");
        var of = table.is("*") ? "*" : table(table).name();
        var spelt = new StringBuilder(next("a policy").text());
        while (at < words.size()) spelt.append(words.get(at++).text());       // "last-write" is three words
        var policy = Policy.of(spelt.toString()).orElseThrow(() -> refused("\"" + spelt + "\" is no policy; there are "
            + Arrays.stream(Policy.values()).map(Policy::wire).collect(Collectors.joining(", "))));
        if (policies.put(of, policy.wire()) != null) throw refused("the policy of " + of + " is given twice");
    }

    private void open(String verb, boolean replace) {
        var weight = integer("a weight", 1, WEIGHT_MAX);
        statements.add(new Open(line, verb, replace, (int) weight, table(next("a table")), new TreeMap<>()));
    }

    private void column() {
        if (statements.isEmpty()) throw refused("an indented line names a column of the statement above, and there is none");
        var statement = statements.getLast();
        if (statement.verb.equals("delete")) throw refused("delete takes no columns");
        var name = next("a column");
        var column = column(statement.table, name);
        if (statement.columns.put(column, generator(statement)) != null) throw refused("column " + column + " is given twice");
    }

    private Database.Table table(SqlTokens.Token name) {
        return database.find(name.name()).orElseThrow(() -> refused("there is no table " + name.name() + "; the schema has "
            + (database.tables().isEmpty() ? "none" : String.join(", ", database.tables().keySet()))));
    }

    private String column(Database.Table table, SqlTokens.Token name) {
        for (var column : table.schema().columns()) {
            if (!column.name().equalsIgnoreCase(name.name())) continue;
            if (column.generated()) throw refused("column " + column.name() + " is computed by SQLite: nothing can be written to it");
            return column.name();
        }
        throw refused("table " + table.name() + " has no column " + name.name() + "; it has "
            + table.stored().stream().map(column -> column.name()).collect(Collectors.joining(", ")));
    }

    private Generator generator(Open statement) {
        var kind = next("one of " + GENERATORS).text();
        Generator generator = switch (kind.toLowerCase(java.util.Locale.ROOT)) {
            case "values" -> new Generator.OneOf(literals());
            case "range" -> range();
            case "text" -> characters();
            case "blob" -> {
                var range = integers(0, CHARACTERS_MAX);
                yield new Generator.Bytes((int) range[0], (int) range[1]);
            }
            case "row" -> row();
            case "next" -> new Generator.Next();
            case "add" -> {
                if (!statement.verb.equals("update")) throw refused("add takes the old value: it is for updates");
                var range = integers(-CHARACTERS_MAX, CHARACTERS_MAX);
                yield new Generator.Add(range[0], range[1]);
            }
            case "uuid" -> new Generator.Uuid();
            case "typical" -> new Generator.Typical();
            default -> throw refused("\"" + kind + "\" draws no values; there are " + GENERATORS);
        };
        if (!isPercentNext()) return generator;
        at++;
        var percent = integer("a percentage", 0, 100);
        at++;
        return new Generator.OrNull(generator, (int) percent);
    }

    private List<Value> literals() {
        var values = new ArrayList<Value>();
        while (at < words.size() && !isPercentNext()) {
            var word = words.get(at++);
            if (word.is(",")) continue;
            values.add(word.literal().orElseThrow(() -> refused(word.text() + " is no literal; text stands in single quotes, a blob is x'00ff'")));
        }
        if (values.isEmpty()) throw refused("values needs at least one literal");
        return values;
    }

    private Generator range() {
        var from = number();
        dots();
        var to = number();
        if (from instanceof Value.Int(var low) && to instanceof Value.Int(var high)) {
            if (low > high) throw refused("the range ends before it begins");
            return new Generator.Range(low, high);
        }
        double low = real(from);
        double high = real(to);
        if (low > high) throw refused("the range ends before it begins");
        return new Generator.RealRange(low, high);
    }

    private static double real(Value value) {
        return value instanceof Value.Int(var integer) ? integer : ((Value.Real) value).value();
    }

    private Generator characters() {
        var range = integers(0, CHARACTERS_MAX);
        return new Generator.Characters((int) range[0], (int) range[1]);
    }

    private Generator row() {
        var table = table(next("TABLE.COLUMN"));
        if (!next("a dot and a column").is(".")) throw refused("it is spelt TABLE.COLUMN");
        return new Generator.RowOf(table.name(), column(table, next("a column")));
    }

    private long[] integers(long min, long max) {
        long low = integer("a number", min, max);
        dots();
        long high = integer("a number", min, max);
        if (low > high) throw refused("the range ends before it begins");
        return new long[] {low, high};
    }

    private void dots() {
        for (int i = 0; i < 2; i++) if (!next("..").is(".")) throw refused("a range is spelt LOW..HIGH");
    }

    private long integer(String what, long min, long max) {
        var word = next(what);
        if (!(word.literal().orElse(null) instanceof Value.Int(var integer))) throw refused(what + " is expected, not " + word.text());
        if (integer < min || integer > max) throw refused(what + " lies between " + min + " and " + max);
        return integer;
    }

    private Value number() {
        var word = next("a number");
        var value = word.literal().orElse(null);
        if (!(value instanceof Value.Int) && !(value instanceof Value.Real)) throw refused("a number is expected, not " + word.text());
        return value;
    }

    private boolean isNext(String word) {
        return at < words.size() && words.get(at).is(word);
    }

    private boolean isPercentNext() {
        return at + 2 < words.size() && words.get(at).is("null") && words.get(at + 2).is("%");
    }

    private SqlTokens.Token next(String what) {
        if (at >= words.size()) throw refused(what + " is missing at the end of the line");
        return words.get(at++);
    }
}
