package dev.waggle.lab.fuzz;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.board.BoardImport;
import dev.waggle.node.board.Boards;
import dev.waggle.node.hive.HiveImport;
import dev.waggle.node.hive.Hives;
import dev.waggle.store.board.Project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Files of JSON lines that another forum or tracker wrote, loaded into a hive and into a project of a real node.
///
/// Every line is taken or refused for itself: the report counts each once, whatever its neighbours are. Loaded again, nothing is made twice, and nothing is refused that was taken.
final class ImportTarget implements Target {
    private final Path file;
    private final Hives hives;
    private final Hives.Hive hive;
    private final Boards boards;
    private final Project project;

    ImportTarget() {
        try {
            var folder = Files.createTempDirectory("import");
            file = folder.resolve("lines.jsonl");
            var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.of("127.0.0.1:0"), List.of(), Optional.empty(), false);
            var node = Node.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())).unreachable(), bug -> {
                throw new AssertionError(bug);
            });
            hives = new Hives(node);
            hive = hives.create("forum", Optional.empty(), true, new Snapshot(new Actor(node.id(), "founder"), Optional.of("Founder"), Optional.empty()));
            boards = new Boards(node);
            project = boards.add("tracker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) throws IOException {
        Files.write(file, input);
        long lines = Arrays.stream(new String(input, StandardCharsets.UTF_8).split("\n")).filter(line -> !line.isBlank()).count();
        forum(lines);
        tracker(lines);
    }

    private void forum(long lines) {
        var first = new HiveImport(hives, hive).load(file, (_, _) -> { });
        assertThat(first.posts() + first.comments() + first.votes() + first.settings() + first.known() + first.ignored() + first.refused()).as("lines of a forum").isEqualTo(lines);
        var again = new HiveImport(hives, hive).load(file, (_, _) -> { });
        assertThat(again.posts() + again.comments()).as("made twice").isZero();
        assertThat(again.refused()).as(String.join("; ", again.reasons())).isLessThanOrEqualTo(first.refused());
    }

    private void tracker(long lines) {
        var first = new BoardImport(boards, project).load(file, (_, _) -> { });
        assertThat(first.tasks() + first.known() + first.refused()).as("lines of a tracker").isEqualTo(lines);
        var again = new BoardImport(boards, project).load(file, (_, _) -> { });
        assertThat(again.tasks()).as("made twice").isZero();
        assertThat(again.refused()).as(String.join("; ", again.reasons())).isLessThanOrEqualTo(first.refused());
    }
}
