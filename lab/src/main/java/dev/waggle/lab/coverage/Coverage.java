package dev.waggle.lab.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Holds the catalogue against the tests and writes the page. `./waggle coverage` in the project's folder.
public final class Coverage {
    static final String COMMAND = "./waggle coverage";
    private static final String PAGE = "docs/coverage.md";

    private final Catalogue catalogue;
    private final TaggedTests tests;

    private Coverage(Catalogue catalogue, TaggedTests tests) {
        this.catalogue = catalogue;
        this.tests = tests;
    }

    static Coverage of(Path project) throws IOException {
        return new Coverage(Catalogue.read(project.resolve("lab/catalogue.txt")), TaggedTests.read(project));
    }

    /// What may not be: a starred row or a lesson with neither test nor reason, tags that no row has, tags on what is no test.
    List<String> faults() {
        var faults = new ArrayList<>(tests.faults());
        var known = new TreeSet<String>();
        for (var row : catalogue.rows()) {
            if (!known.add(row.tag())) faults.add(row.tag() + " is in the catalogue twice");
            boolean mustHave = row.starred() || row.tag().startsWith("lesson-");
            if (mustHave && row.waits().isEmpty() && named(row).isEmpty())
                faults.add(row.tag() + " has no test and does not say what it waits for: " + row.sentence());
        }
        tests.byTag().forEach((tag, names) -> {
            boolean ours = tag.matches("[A-Z]\\d\\d|lesson.*");
            if (ours && !known.contains(tag)) faults.add(tag + " is no row of the catalogue, but of " + names);
        });
        return faults;
    }

    private SortedSet<String> named(Catalogue.Row row) {
        return tests.byTag().getOrDefault(row.tag(), new TreeSet<>());
    }

    /// The page as the tree is now.
    String page() {
        var page = new StringBuilder("""
            # What is tested

            Written by `%s` from the tags of the tests and `lab/catalogue.txt`; do not edit. A test names the row that it proves (`@Tag("N01")`,
            `@Tag("lesson-stop-retrying")`). A row marked ★ and every lesson has a test or says what it waits for, or the build fails.
            Tests of a class whose name ends in `Contract` run once for each store.

            %s
            """.formatted(COMMAND, summary()));
        for (var heading : catalogue.headings()) {
            page.append("\n").append("#".repeat(heading.level() + 1)).append(" ").append(heading.text()).append("\n");
            if (heading.rows().isEmpty()) continue;
            boolean lessons = heading.rows().getFirst().tag().startsWith("lesson-");
            page.append(lessons ? "\n| lesson | what Waggle does | tests |\n|---|---|---|\n" : "\n| row | | what must hold | tests |\n|---|---|---|---|\n");
            for (var row : heading.rows())
                page.append("| ").append(row.tag()).append(lessons ? " | " : row.starred() ? " | ★ | " : " | | ").append(row.sentence()).append(" | ").append(cell(row)).append(" |\n");
        }
        return page.toString();
    }

    private String cell(Catalogue.Row row) {
        var items = named(row).stream().map(name -> "`" + name + "`").collect(Collectors.toCollection(ArrayList::new));
        row.waits().ifPresent(waits -> items.add((items.isEmpty() ? "waits for " : "the rest waits for ") + waits));
        return items.isEmpty() ? "none yet" : String.join("<br>", items);
    }

    private String summary() {
        var counted = new ArrayList<String>();
        counted.add(count("rows marked ★", catalogue.rows().stream().filter(Catalogue.Row::starred).toList()));
        counted.add(count("all rows", catalogue.rows().stream().filter(row -> !row.tag().startsWith("lesson-")).toList()));
        counted.add(count("lessons", catalogue.rows().stream().filter(row -> row.tag().startsWith("lesson-")).toList()));
        return "| | rows | with tests | waiting | neither |\n|---|---|---|---|---|\n" + String.join("\n", counted);
    }

    private String count(String what, List<Catalogue.Row> rows) {
        long tested = rows.stream().filter(row -> !named(row).isEmpty()).count();
        long waiting = rows.stream().filter(row -> named(row).isEmpty() && row.waits().isPresent()).count();
        return "| %s | %d | %d | %d | %d |".formatted(what, rows.size(), tested, waiting, rows.size() - tested - waiting);
    }

    /// What the committed page says that is not so: rows that are other rows, tests that are no more. A page that does not name the newest tests yet lags behind and tells
    /// no lie; two branches that each add tests can be merged without a word.
    List<String> lies(String committed) {
        var lies = new ArrayList<String>();
        var now = rowsOf(page());
        var then = rowsOf(committed);
        for (var tag : now.keySet()) if (!then.containsKey(tag)) lies.add(tag + " is not on the page");
        then.forEach((tag, cells) -> {
            var is = now.get(tag);
            if (is == null) lies.add(tag + " is no row any more");
            else if (!is.getFirst().equals(cells.getFirst())) lies.add(tag + " reads otherwise now: " + is.getFirst());
            else cells.stream().skip(1).filter(test -> !is.contains(test)).forEach(test -> lies.add(tag + " is not named by " + test + " any more"));
        });
        return lies;
    }

    /// Per row what stands before the tests, then each test.
    private static TreeMap<String, List<String>> rowsOf(String page) {
        var rows = new TreeMap<String, List<String>>();
        for (var line : page.lines().toList()) {
            var cells = line.split(" \\| ");
            if (!line.matches("\\| ([A-Z]\\d\\d|lesson-\\S+) \\|.*") || cells.length < 3) continue;
            var tests = cells[cells.length - 1].replaceFirst(" \\|$", "").split("<br>");
            var row = new ArrayList<>(List.of(line.substring(0, line.lastIndexOf(" | "))));
            for (var test : tests) if (test.startsWith("`")) row.add(test);
            rows.put(line.split(" ")[1], row);
        }
        return rows;
    }

    static String committed(Path project) throws IOException {
        var page = project.resolve(PAGE);
        return Files.exists(page) ? Files.readString(page) : "";
    }

    public static void main(String[] arguments) throws IOException {
        var project = Path.of("").toAbsolutePath();
        var coverage = of(project);
        Files.writeString(project.resolve(PAGE), coverage.page());
        coverage.faults().forEach(System.err::println);
        System.out.println(PAGE + " is written");
        System.out.println(coverage.summary());
        if (!coverage.faults().isEmpty()) System.exit(1);
    }
}
