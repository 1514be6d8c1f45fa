package dev.waggle.lab.coverage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class CoverageTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    @TempDir private Path project;

    @Test void every_row_that_matters_has_a_test_or_says_what_it_waits_for() throws IOException {
        assertThat(Coverage.of(PROJECT).faults()).as("name the test by a tag, or give the reason in lab/catalogue.txt").isEmpty();
    }

    @Test void the_committed_page_tells_no_lie() throws IOException {
        var coverage = Coverage.of(PROJECT);
        var committed = Coverage.committed(PROJECT);
        assertThat(coverage.lies(committed)).as("docs/coverage.md is stale. Write it anew: %s", Coverage.COMMAND).isEmpty();
        if (!committed.equals(coverage.page())) System.out.println("docs/coverage.md does not name the newest tests yet. Write it anew: " + Coverage.COMMAND);
    }

    /// In `source` a tag is written #S01, so that the tags of this file itself are not taken for real ones.
    private Coverage coverage(String catalogue, String source) throws IOException {
        var folder = Files.createDirectories(project.resolve("core/src/test/java"));
        Files.createDirectories(project.resolve("lab"));
        Files.writeString(project.resolve("lab/catalogue.txt"), catalogue);
        Files.writeString(folder.resolve("SomeTest.java"), source.replaceAll("#(\\S+)", "@Tag(\"$1\")"));
        return Coverage.of(project);
    }

    @Test void tags_are_read_from_methods_and_classes() throws IOException {
        var coverage = coverage("# Part\n## Table\nS01 * It holds.\nS02 It holds, too.\nS03 * So does this. || waits for issue 5 (a hub)\n# Lessons\nlesson-a-b A lesson.\n", """
            #lesson-a-b class SomeTest {
                #S01 #S02 @Test void one() {}
                #S02
                @ParameterizedTest @CsvSource({"a", "b"})
                void two(String each) {}
                @Test void three() {}
                #slow @Test void four() {}
            }
            """);
        assertThat(coverage.faults()).isEmpty();
        assertThat(coverage.page()).contains("| S01 | ★ | It holds. | `core: SomeTest.one` |", "| S02 | | It holds, too. | `core: SomeTest.one`<br>`core: SomeTest.two` |",
            "| S03 | ★ | So does this. | waits for issue 5 (a hub) |", "| lesson-a-b | A lesson. | `core: SomeTest` |", "| rows marked ★ | 2 | 1 | 1 | 0 |");
        assertThat(coverage.lies(coverage.page())).isEmpty();
    }

    @Test void what_is_missing_unknown_or_never_runs_is_a_fault() throws IOException {
        var coverage = coverage("# Part\nS01 * It holds.\nS02 It holds, too.\nlesson-a A lesson.\n", """
            class SomeTest {
                #S01 @Disabled @Test void one() {}
                #S01 void helper() {}
                #S99 @Test void two() {}
            }
            """);
        assertThat(coverage.faults()).hasSize(5).anyMatch(fault -> fault.startsWith("S01 has no test")).anyMatch(fault -> fault.startsWith("lesson-a has no test"))
            .anyMatch(fault -> fault.startsWith("S99 is no row")).anyMatch(fault -> fault.startsWith("core: SomeTest.helper")).anyMatch(fault -> fault.startsWith("core: SomeTest.one"));
    }

    @Test void a_page_may_lag_behind_and_may_not_lie() throws IOException {
        var before = coverage("# Part\nS01 * It holds.\n", "class SomeTest {\n#S01 @Test void one() {}\n}\n").page();
        var more = coverage("# Part\nS01 * It holds.\n", "class SomeTest {\n#S01 @Test void one() {}\n#S01 @Test void two() {}\n}\n");
        assertThat(more.page()).isNotEqualTo(before);
        assertThat(more.lies(before)).isEmpty();
        var renamed = coverage("# Part\nS01 * It holds.\n", "class SomeTest {\n#S01 @Test void two() {}\n}\n");
        assertThat(renamed.lies(before)).containsExactly("S01 is not named by `core: SomeTest.one` any more");
        assertThat(coverage("# Part\nS01 * It always holds.\n", "class SomeTest {\n#S01 @Test void one() {}\n}\n").lies(before)).hasSize(1);
        assertThat(coverage("# Part\nS02 It holds.\n", "class SomeTest {}\n").lies(before)).hasSize(2);
    }
}
