package dev.waggle.lab.fuzz;

import dev.waggle.apps.table.Conflict;
import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.Resolution;
import dev.waggle.apps.table.ResolutionRefused;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.record.Value;
import dev.waggle.store.view.ScratchRules;
import dev.waggle.store.view.SqlRecordStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Change sets, schemas and policies as a member with a good key may sign them ([ChangeLines] says how an input spells them), folded into rows.
///
/// What cannot be read is quarantined and the view goes on. Two views of the same events, one in memory and settled at every step, one on disk and settled
/// once, show the same rows and conflicts. What is shown, captured again, is no change; a conflict can be settled or the reason is said.
final class ChangesTarget implements Target {
    private final SqlRecordStore disk;

    ChangesTarget() {
        try {
            disk = SqlRecordStore.open(Files.createTempDirectory("changes").resolve("view.sqlite"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) {
        var lines = ChangeLines.read(input);
        if (lines.entries().isEmpty()) return;
        Shown stepwise;
        try (var rules = new ScratchRules()) {
            var view = view(new MemoryRecordStore(), rules, lines);
            for (var entry : lines.entries()) {
                view.apply(entry);
                view.settle();
            }
            stepwise = shown(view);
            checkCapture(view, stepwise);
            for (var conflict : view.conflicts()) resolve(view, conflict);
            for (var entry : lines.entries()) view.apply(entry);
            assertThat(view.settle()).as("entries that were folded already").isEmpty();
        }
        disk.begin();
        try (var rules = new ScratchRules()) {
            var view = view(disk, rules, lines);
            for (var entry : lines.entries()) view.apply(entry);
            view.settle();
            assertThat(shown(view)).as("on disk and settled once").isEqualTo(stepwise);
        } finally {
            disk.rollback();
        }
    }

    private static TableView view(RecordStore store, ScratchRules rules, ChangeLines lines) {
        return new TableView(store, rules, id -> Optional.ofNullable(lines.chunks().get(id)));
    }

    private record Shown(SortedMap<String, List<SortedMap<String, Value>>> rows, List<Conflict> conflicts, List<TableView.Quarantined> quarantined) {}

    private static Shown shown(TableView view) {
        var rows = new TreeMap<String, List<SortedMap<String, Value>>>();
        for (var table : view.schemas().keySet()) {
            rows.put(table, new ArrayList<>());
            view.forEachShown(table, (_, _, row) -> rows.get(table).add(row));
        }
        return new Shown(rows, view.conflicts(), view.quarantined());
    }

    /// A file that holds what is shown has nothing to say. Rows that a hostile schema gives no whole key are in no file.
    private static void checkCapture(TableView view, Shown shown) {
        for (var table : shown.rows.keySet()) {
            var observed = new ArrayList<TableView.Observed>();
            view.forEachShown(table, (key, _, row) -> {
                if (view.schemas().get(table).columns().stream().allMatch(column -> row.containsKey(column.name())))
                    observed.add(new TableView.Observed(table, key, Optional.empty(), Optional.of(row)));
                return true;
            });
            assertThat(view.capture(observed)).as("captured again").isEmpty();
        }
    }

    private static void resolve(TableView view, Conflict conflict) {
        for (var how : List.of(new Resolution.KeepShown(), new Resolution.TakeOther(Optional.empty()), new Resolution.Restore(new TreeMap<>()))) {
            try {
                view.resolve(conflict.id(), how);
            } catch (ResolutionRefused refused) {
                assertThat(refused).message().isNotBlank();
            }
        }
    }

}
