package dev.waggle.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// Every planted mistake still fits the source, and what should find it quickly does. Others are searched for by `./waggle drill`.
class DrillTest {
    private static final long SEEDS_MAX = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static List<String> problems;
    private static Drill drill;

    @BeforeAll static void plant(@TempDir Path folder) throws IOException {
        drill = new Drill(folder);
        problems = drill.plant(drill.mistakes());
    }

    @AfterAll static void end() {
        drill.close();
    }

    @Test void every_mistake_fits_the_source_and_compiles() {
        assertThat(problems).isEmpty();
        assertThat(drill.mistakes()).hasSizeGreaterThanOrEqualTo(25);
    }

    @Test void the_mistakes_that_are_found_fast_are_found() {
        var missed = new ConcurrentSkipListSet<String>();
        drill.forEach(drill.mistakes().stream().filter(Mistake::isFast).toList(), (mistake, finder) -> {
            var found = drill.search(mistake, finder, 1, SEEDS_MAX, PATIENCE);
            if (found.how() != Found.How.FOUND) missed.add(mistake.name() + ": " + finder + ": " + found.text());
        });
        assertThat(missed).isEmpty();
    }

    /// A test that fails here for want of a file would seem to find everything: one of each class has to pass. That all do is shown where they are at home.
    @Test void where_there_is_no_mistake_nothing_is_found() {
        var finders = new TreeMap<String, Finder>();
        for (var mistake : drill.mistakes())
            for (var finder : mistake.finders()) if (finder instanceof Finder.Test(var type, _)) finders.putIfAbsent(type, finder);
        finders.put("simulator", new Finder.Simulator("."));
        finders.put("two processes", new Finder.TwoProcesses());
        assertThat(drill.searchWithoutMistake(finders.values(), 5, PATIENCE)).isEmpty();
    }
}
