package dev.waggle.lab.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The list that tests are held against, as `lab/catalogue.txt` has it: headings, and under them one row a line.
///
/// @param headings in the order of the file
record Catalogue(List<Heading> headings) {
    /// @param level 1 begins a part of the page, 2 a table in it
    record Heading(int level, String text, List<Row> rows) {}

    /// @param tag      what tests name it by
    /// @param starred  one of those that matter most: it has a test, or says what it waits for
    /// @param sentence what must hold
    /// @param waits    what is not built yet: "issue 5 (compaction)"; a row may have tests for its other half
    record Row(String tag, boolean starred, String sentence, Optional<String> waits) {}

    private static final Pattern ROW = Pattern.compile("(?<tag>[SNTAPLWF]\\d\\d|lesson-[a-z0-9-]+) +(?<star>\\* )?(?<sentence>.+?)(?: \\|\\| waits for (?<waits>.+))?");

    static Catalogue read(Path file) throws IOException {
        var headings = new ArrayList<Heading>();
        for (var line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("//")) continue;
            if (line.startsWith("#")) {
                int level = line.indexOf(' ');
                headings.add(new Heading(level, line.substring(level + 1), new ArrayList<>()));
                continue;
            }
            var row = ROW.matcher(line);
            if (!row.matches()) throw new IllegalArgumentException(file + ": this is no row: " + line);
            headings.getLast().rows().add(new Row(row.group("tag"), row.group("star") != null, row.group("sentence"), Optional.ofNullable(row.group("waits"))));
        }
        return new Catalogue(headings);
    }

    List<Row> rows() {
        return headings.stream().flatMap(heading -> heading.rows().stream()).toList();
    }
}
