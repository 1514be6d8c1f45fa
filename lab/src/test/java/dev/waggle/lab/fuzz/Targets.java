package dev.waggle.lab.fuzz;

import java.util.List;
import java.util.function.Supplier;

/// Everything that reads what others wrote, and the promise that each of them keeps.
final class Targets {
    /// @param says     what is promised of every input
    /// @param bytesMax inputs are not made longer
    /// @param inputs   so many a build tries at most: what two cores do in half a minute
    record Entry(String name, String says, int bytesMax, int inputs, Supplier<Target> make) {}

    /// The bug that is there to be found: not one of [#ALL].
    static final Entry PLANTED = new Entry("planted", "is found", 64, 1_000_000, Planted::new);

    static final List<Entry> ALL = List.of(
        new Entry("json", "canonical JSON that is read is written as the same bytes, and a second reader reads the same", 4 * 1024, 300_000, JsonTarget::new),
        new Entry("frames", "a frame has one spelling in bytes and one in JSON, and reading it takes bounded memory", 16 * 1024, 150_000, FramesTarget::new),
        new Entry("text", "a ticket or address says the same when it is written again, and what is none is refused in words", 4 * 1024, 500_000, TextTarget::new),
        new Entry("admission", "every event has an answer, the order makes no difference, and twice is once", 2 * 1024, 2_500, AdmissionTarget::new),
        new Entry("changes", "what a member signs is folded alike by every view, or quarantined", 8 * 1024, 800, ChangesTarget::new),
        new Entry("handshake", "no step throws, and a stranger hears the same whatever is there", 2 * 1024, 2_900, HandshakeTarget::new),
        new Entry("http", "every request is answered, or refused with a sentence and a way out", 4 * 1024, 40_000, HttpTarget::new),
        new Entry("values", "a value arrives on another machine with its type and bytes", 1024, 1_000, ValuesTarget::new),
        new Entry("files", "a hostile database file is tracked without loss, or refused in words", 2 * 1024, 240, FilesTarget::new),
        new Entry("import", "a line of another forum or tracker is taken or refused for itself, and once", 4 * 1024, 1_000, ImportTarget::new));

    private Targets() {}

    /// @throws IllegalArgumentException when there is none
    static Entry named(String name) {
        if (name.equals(PLANTED.name())) return PLANTED;
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no target \"" + name + "\": there are " + String.join(", ", ALL.stream().map(Entry::name).toList())));
    }
}
