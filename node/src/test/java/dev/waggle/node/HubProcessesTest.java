package dev.waggle.node;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.node.identity.Identity;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What makes a process a further one of a hub, and what does not.
class HubProcessesTest {
    private static final String DATABASE = "jdbc:postgresql://localhost/hub";
    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();

    private NodeSettings settings(Map<String, String> environment) {
        var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.empty(), List.of(), Optional.empty(), false).asHub();
        return NodeSettings.read(flags, environment);
    }

    private Path key(String seed) throws IOException {
        return Files.writeString(folder.resolve("given"), seed + "\n");
    }

    private Identity open(Path keyFile) {
        return Identity.open(folder.resolve("data"), folder.resolve("state"), false, Optional.of(keyFile), random);
    }

    @Test void it_takes_a_key_and_a_database_to_be_one() {
        assertThat(settings(Map.of()).processes()).isEqualTo(HubProcesses.ONE);
        var said = settings(Map.of("WAGGLE_DATABASE", DATABASE, "WAGGLE_KEY_FILE", "/run/secrets/key", "WAGGLE_FANOUT", "nats://localhost:4222")).processes();
        assertThat(said.keyFile()).contains(Path.of("/run/secrets/key"));
        assertThat(said.nats()).contains("nats://localhost:4222");
        assertThatThrownBy(() -> settings(Map.of("WAGGLE_KEY_FILE", "/run/secrets/key"))).isInstanceOf(Problem.class).hasMessageContaining("Two nodes cannot have one key");
        assertThatThrownBy(() -> settings(Map.of("WAGGLE_FANOUT", "nats://localhost:4222"))).isInstanceOf(Problem.class).hasMessageContaining("no other processes");
        assertThatThrownBy(() -> settings(Map.of("WAGGLE_DATABASE", DATABASE, "WAGGLE_FANOUT", "http://localhost"))).isInstanceOf(Problem.class).hasMessageContaining("cannot tell each other");
    }

    @Test void a_new_folder_takes_the_key_over_and_stays_with_it() throws IOException {
        var seed = "0a".repeat(Ed25519.SEED_BYTES);
        var given = key(seed);
        try (var identity = open(given)) {
            assertThat(identity.signer().node()).isEqualTo(Ed25519.signer(Hex.bytes(seed)).node());
            assertThat(identity.isFirstLife()).isTrue();
        }
        try (var again = open(given)) {
            assertThat(again.newLife()).as("it goes on where it stopped").isFalse();
        }
        try (var withoutTheFile = Identity.open(folder.resolve("data"), folder.resolve("state"), false, random)) {
            assertThat(Hex.of(withoutTheFile.seed())).isEqualTo(seed);
        }
    }

    @Test void a_key_that_is_none_or_anothers_is_refused_and_nothing_is_changed() throws IOException {
        assertThatThrownBy(() -> open(folder.resolve("nowhere"))).isInstanceOf(Problem.class).hasMessageContaining("There is no key in");
        assertThatThrownBy(() -> open(key("not a key"))).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(ErrorCode.DATA_DAMAGED));
        var own = "0b".repeat(Ed25519.SEED_BYTES);
        open(key(own)).close();
        assertThatThrownBy(() -> open(key("0c".repeat(Ed25519.SEED_BYTES)))).isInstanceOf(Problem.class).hasMessageContaining("another node's");
        try (var still = open(key(own))) {
            assertThat(Hex.of(still.seed())).isEqualTo(own);
        }
    }
}
