package dev.waggle.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/// Every planted mistake still fits the source, and what should find it quickly does. Others are searched for by `./waggle drill`.
class DrillTest {
    private static final long SEEDS_MAX = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static List<String> problems;
    private static Drill drill;

    @BeforeAll static void plant(@TempDir Path folder) throws IOException {
        drill = new Drill(folder);
        problems = drill.plant();
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

    /// A test that fails for want of a file would seem to find everything.
    @Test void where_there_is_no_mistake_nothing_is_found() {
        var finders = new LinkedHashSet<Finder>();
        for (var mistake : drill.mistakes()) finders.addAll(mistake.finders().stream().filter(Finder.Test.class::isInstance).toList());
        finders.add(new Finder.Simulator("", true));
        assertThat(drill.searchWithoutMistake(finders, 3, PATIENCE)).isEmpty();
    }
}
