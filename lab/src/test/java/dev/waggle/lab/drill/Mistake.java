package dev.waggle.lab.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A known mistake as a change of source. As a file:
///
/// ```
/// mistake: One sentence, which mistake.
/// happened: Where it happened, or why somebody would make it.
/// find: simulator I2
/// find: test dev.waggle.core.log.MemoryEventLogTest#appending_the_same_event_twice_keeps_one
/// file: core/src/main/java/dev/waggle/core/…
/// old:
///         the text, exactly once in the file
/// new:
///         what stands there instead
/// ```
///
/// `file`, `old` and `new` may be repeated. Everything that is named under `find` has to find it. `slow: why` keeps it out of the build: only the whole
/// drill searches for it.
///
/// @param name  of its file, without the ending
/// @param slow  why the build does not search for it; empty when it does
record Mistake(String name, String sentence, String happened, List<Finder> finders, String slow, List<Change> changes) {
    /// @param file  from the project's root
    /// @param old   whole lines
    record Change(String file, String old, String replacement) {}

    boolean isFast() {
        return slow.isEmpty();
    }

    /// All mistakes, by number.
    static List<Mistake> all(Path folder) throws IOException {
        var mistakes = new ArrayList<Mistake>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(each -> each.getFileName().toString().matches("\\d+-.*\\.txt")).toList()) mistakes.add(read(file));
        }
        mistakes.sort(Comparator.comparingInt(Mistake::number));
        return mistakes;
    }

    private int number() {
        return Integer.parseInt(name.substring(0, name.indexOf('-')));
    }

    static Mistake read(Path path) throws IOException {
        var reading = new Reading(path.getFileName().toString().replace(".txt", ""));
        for (var line : Files.readAllLines(path)) reading.line(line);
        return reading.end();
    }

    private static final class Reading {
        private final String name;
        private final List<Finder> finders = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final StringBuilder old = new StringBuilder();
        private final StringBuilder replacement = new StringBuilder();
        private String sentence = "";
        private String happened = "";
        private String slow = "";
        private String file = "";
        private StringBuilder block;

        Reading(String name) {
            this.name = name;
        }

        void line(String line) {
            int colon = line.indexOf(':');
            switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "mistake" -> sentence = line.substring(colon + 1).strip();
                case "happened" -> happened = line.substring(colon + 1).strip();
                case "find" -> finders.add(Finder.read(line.substring(colon + 1).strip()));
                case "slow" -> slow = line.substring(colon + 1).strip();
                case "file" -> {
                    endChange();
                    file = line.substring(colon + 1).strip();
                }
                case "old" -> {
                    endChange();
                    block = old;
                }
                case "new" -> block = replacement;
                default -> {
                    if (block == null) throw new IllegalArgumentException(name + ": what does this line mean: " + line);
                    block.append(line).append('\n');
                }
            }
        }

        private void endChange() {
            if (block == replacement && block != null) changes.add(new Change(file, old.toString(), replacement.toString()));
            old.setLength(0);
            replacement.setLength(0);
            block = null;
        }

        Mistake end() {
            endChange();
            if (sentence.isEmpty() || happened.isEmpty() || finders.isEmpty() || changes.isEmpty())
                throw new IllegalArgumentException(name + ": a mistake says what it is, where it happened, what finds it and what changes");
            return new Mistake(name, sentence, happened, List.copyOf(finders), slow, List.copyOf(changes));
        }
    }
}
