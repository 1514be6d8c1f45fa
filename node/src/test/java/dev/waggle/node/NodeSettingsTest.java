package dev.waggle.node;

import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NodeSettingsTest {
    @TempDir Path folder;

    private CompactionOptions compaction(String settings) throws Exception {
        Files.writeString(folder.resolve("settings.json"), settings);
        return NodeSettings.read(NodeSettings.Flags.NONE.withData(folder), Map.of("HOME", folder.toString())).compaction();
    }

    @Test void without_a_word_everything_is_under_the_home_that_the_shell_names() {
        var environment = Map.of("HOME", folder.toString());
        assertThat(NodeSettings.dataFolder(Optional.empty(), environment)).isEqualTo(folder.resolve(".waggle"));
        assertThat(NodeSettings.read(NodeSettings.Flags.NONE, environment).stateRoot()).isEqualTo(folder.resolve(".local/state/waggle"));
    }

    @Test void logs_are_condensed_after_ninety_days_unless_the_file_says_otherwise() throws Exception {
        long dayMs = 24 * 3_600_000L;
        assertThat(compaction("{}")).isEqualTo(new CompactionOptions(90 * dayMs, 7 * dayMs, 10_000, true));
        assertThat(compaction("{\"compaction\":{\"retention_days\":30,\"checkpoint_days\":1,\"checkpoint_events\":5,\"automatic\":false}}"))
            .isEqualTo(new CompactionOptions(30 * dayMs, dayMs, 5, false));
        for (var wrong : new String[] {"{\"retention\":1}", "{\"retention_days\":-1}", "{\"retention_days\":\"90\"}", "{\"automatic\":\"no\"}", "[]"})
            assertThatThrownBy(() -> compaction("{\"compaction\":" + wrong + "}")).as(wrong).isInstanceOf(Problem.class).hasMessageContaining("\"compaction\" in settings.json");
    }
}
