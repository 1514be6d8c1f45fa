package dev.waggle.node.cli;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sim.workload.Database;
import dev.waggle.sim.workload.Workload;
import dev.waggle.sim.workload.WorkloadFile;
import dev.waggle.sim.workload.WorkloadRefused;
import dev.waggle.store.capture.DeclaredSchema;
import dev.waggle.store.capture.FileRefused;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A person's own tables and statements for `waggle simulate`, with SQLite itself to judge their CHECKs.
///
/// @param workload empty when none was named: the seed draws a built-in one then
/// @param options  that name it on a command line
record OwnWorkload(Optional<Workload> workload, String options, Optional<SharedRules> rules) implements AutoCloseable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TEXT_BYTES_MAX = 16 << 20;
    private static final String MANUAL = "docs/simulate.md describes both files.";

    /// @param schema   a database or a text of CREATE statements, or null
    /// @param workload what programs write, or null
    /// @param note     told of tables that are left out
    /// @throws Problem with the line of the file and what is wrong there
    static OwnWorkload read(Path schema, Path workload, Consumer<String> note) {
        if (schema == null && workload == null) return new OwnWorkload(Optional.empty(), "", Optional.empty());
        if (schema == null) throw new Problem(ErrorCode.BAD_REQUEST, "--workload needs the tables that it writes to.", "Name them with --schema FILE.");
        for (var file : workload == null ? new Path[] {schema} : new Path[] {schema, workload})
            if (!Files.isRegularFile(file)) throw new Problem(ErrorCode.BAD_REQUEST, "There is no file " + file + ".", "Check the path.");
        var rules = new SharedRules();
        try {
            var database = database(schema, rules, note);
            var read = workload == null ? Workload.derived(schema.getFileName().toString(), database) : read(workload, database);
            return new OwnWorkload(Optional.of(read), " --schema " + schema + (workload == null ? "" : " --workload " + workload), Optional.of(rules));
        } catch (RuntimeException e) {
            rules.close();
            throw e;
        }
    }

    private static Database database(Path schema, SharedRules rules, Consumer<String> note) {
        DeclaredSchema declared;
        try {
            declared = declared(schema);
        } catch (IOException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, schema + " cannot be read: " + e.getMessage() + ".", "Check its permissions.", e);
        } catch (FileRefused refused) {
            throw new Problem(ErrorCode.BAD_REQUEST, refused.getMessage() + ".", MANUAL, refused);
        }
        declared.refused().forEach(refusal -> note.accept(refusal.sentence()));
        if (declared.tables().isEmpty()) throw new Problem(ErrorCode.BAD_REQUEST, schema + " has no table that could be tracked.", MANUAL);
        return new Database(declared.tables().stream().map(OwnWorkload::table).toList(), rules);
    }

    /// Opened as a plain file, which is safe here: this process is no node that holds SQLite's locks on it.
    private static DeclaredSchema declared(Path schema) throws IOException {
        try (var in = Files.newInputStream(schema)) {
            if (Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) return DeclaredSchema.ofDatabase(schema);
        }
        if (Files.size(schema) > TEXT_BYTES_MAX) throw new FileRefused(schema + " is no SQLite database, and too long for a text of CREATE statements");
        return DeclaredSchema.ofText(schema, new String(Files.readAllBytes(schema), StandardCharsets.UTF_8));
    }

    private static Database.Table table(DeclaredSchema.Declared declared) {
        var actions = new TreeMap<Integer, Database.Actions>();
        declared.actions().forEach((key, spelt) ->
            actions.put(key, new Database.Actions(Database.Action.of(spelt.onDelete()), Database.Action.of(spelt.onUpdate()))));
        return new Database.Table(declared.schema(), actions, declared.defaults());
    }

    private static Workload read(Path path, Database database) {
        try {
            return WorkloadFile.read(path.getFileName().toString(), Files.readString(path), database);
        } catch (WorkloadRefused refused) {
            throw new Problem(ErrorCode.BAD_REQUEST, path + ":" + refused.line() + ": " + refused.getMessage() + ".", MANUAL, refused);
        } catch (MalformedInputException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, path + " is no UTF-8 text.", MANUAL, e);
        } catch (IOException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, path + " cannot be read: " + e.getMessage() + ".", "Check its permissions.", e);
        }
    }

    @Override public void close() {
        rules.ifPresent(SharedRules::close);
    }
}
