package dev.waggle.lab.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The tests that carry a tag, read line by line from the sources below `<module>/src/test/java`. Sources and not classes: a class file may be
/// left over from a test that is gone.
///
/// @param byTag  "core: EventTest.a_signature_has_64_bytes", or without a method where the tag stands on the class
/// @param faults tags on what is no test or does not run
record TaggedTests(SortedMap<String, SortedSet<String>> byTag, List<String> faults) {
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]+)\"\\)");
    private static final Pattern TEST = Pattern.compile("@(\\w*Test|TestFactory)\\b");
    private static final Pattern CLASS = Pattern.compile("^\\s*(?:@\\w+(?:\\([^)]*\\))? )*(?:(?:public|abstract|final|static) )*class (\\w+)");
    private static final Pattern METHOD = Pattern.compile("\\b(?:void|Stream<\\w+>) (\\w+)\\(");

    static TaggedTests read(Path project) throws IOException {
        var found = new TaggedTests(new TreeMap<>(), new ArrayList<>());
        try (var modules = Files.list(project)) {
            for (var module : modules.map(path -> path.resolve("src/test/java")).filter(Files::isDirectory).sorted().toList())
                try (var files = Files.walk(module)) {
                    for (var file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList())
                        found.file(project.relativize(module).getName(0).toString(), file);
                }
        }
        return found;
    }

    private void file(String module, Path file) throws IOException {
        var inside = "";
        var tags = new ArrayList<String>();
        boolean runs = false;
        boolean disabled = false;
        for (var line : Files.readAllLines(file)) {
            if (line.strip().startsWith("//")) continue;
            TAG.matcher(line).results().forEach(tag -> tags.add(tag.group(1)));
            runs |= TEST.matcher(line).find();
            disabled |= line.contains("@Disabled");
            var type = CLASS.matcher(line);
            var method = METHOD.matcher(line);
            if (!type.find() && !method.find()) continue;
            boolean isType = type.reset().find();
            if (isType) inside = type.group(1);
            var name = module + ": " + inside + (isType ? "" : "." + method.group(1));
            for (var tag : tags) {
                if (disabled || !isType && !runs) faults.add(name + " carries " + tag + " and is no test that runs");
                else byTag.computeIfAbsent(tag, _ -> new TreeSet<>()).add(name);
            }
            tags.clear();
            runs = disabled = false;
        }
    }
}
