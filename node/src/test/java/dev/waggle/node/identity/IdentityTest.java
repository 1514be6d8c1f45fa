package dev.waggle.node.identity;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.LineageRow;
import dev.waggle.store.node.NodeStore;
import dev.waggle.store.node.SpaceRow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IdentityTest {
    private static final SpaceId SPACE = new SpaceId("ab".repeat(32));
    private final SecureRandom random = new SecureRandom();
    @TempDir Path folder;

    @Test void a_restarted_node_keeps_its_key_and_its_epochs() {
        String node;
        try (var first = open("data", "state")) {
            assertThat(first.newLife()).isTrue();
            node = first.signer().node().hex();
            addSpace(first);
        }
        var epoch = epoch("data", "state");
        try (var second = open("data", "state")) {
            assertThat(second.newLife()).isFalse();
            assertThat(second.signer().node().hex()).isEqualTo(node);
            assertThat(second.store().spaces().getFirst().epoch().hex()).isEqualTo(epoch);
        }
    }

    @Tag("S07") @Test void a_second_process_on_one_data_folder_is_refused() {
        try (var _ = open("data", "state")) {
            assertThatThrownBy(() -> open("data", "state")).isInstanceOf(Problem.class).hasMessageContaining("is in use by process")
                .extracting(problem -> ((Problem) problem).code()).isEqualTo(ErrorCode.ALREADY_RUNNING);
        }
        open("data", "state").close();
    }

    @Tag("S08") @Test void a_copied_data_folder_cannot_run_beside_its_original() throws IOException {
        open("data", "state").close();
        copy("data", "copy");
        try (var _ = open("data", "state")) {
            assertThatThrownBy(() -> open("copy", "state")).isInstanceOf(Problem.class).hasMessageContaining("The key of this node");
        }
    }

    @Tag("S09") @Tag("lesson-reused-identity") @Test void a_restored_backup_writes_under_new_epochs() throws IOException {
        try (var first = open("data", "state")) {
            addSpace(first);
        }
        copy("data", "backup");
        var newest = epoch("data", "state");
        delete("data");
        copy("backup", "data");
        try (var restored = open("data", "state")) {
            assertThat(restored.newLife()).isTrue();
            assertThat(restored.store().spaces().getFirst().epoch().hex()).isNotEqualTo(newest);
        }
    }

    @Tag("S08") @Tag("lesson-reused-identity") @Test void a_lineage_that_cannot_be_read_or_is_of_another_machine_begins_a_new_life() throws IOException {
        Path file;
        try (var first = open("data", "state")) {
            file = first.state().resolve("lineage");
        }
        Files.writeString(file, "nonsense");
        try (var second = open("data", "state")) {
            assertThat(second.newLife()).isTrue();
        }
        var text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"machine\":\"[^\"]*\"", "\"machine\":\"elsewhere\""));
        try (var third = open("data", "state")) {
            assertThat(third.newLife()).isTrue();
        }
    }

    /// Data folder and state folder fit each other, and both came from elsewhere: the original may be running there.
    @Test void both_folders_copied_from_another_machine_begin_a_new_life() throws IOException {
        Path file;
        String node;
        try (var first = open("data", "state")) {
            addSpace(first);
            file = first.state().resolve("lineage");
            node = first.signer().node().hex();
        }
        var epoch = epoch("data", "state");
        var elsewhere = Files.readString(file).strip().replaceFirst("\"machine\":\"[^\"]*\"", "\"machine\":\"elsewhere\"");
        Files.writeString(file, elsewhere + "\n");
        try (var store = NodeStore.open(folder.resolve("data").resolve("node.sqlite"))) {
            store.started(new LineageRow(new NodeId(node), elsewhere), Map.of());
        }
        try (var copied = open("data", "state")) {
            assertThat(copied.newLife()).isTrue();
            assertThat(copied.store().spaces().getFirst().epoch().hex()).isNotEqualTo(epoch);
        }
    }

    @Test void a_data_folder_without_its_key_is_refused_and_becomes_another_node_only_when_told_so() throws IOException {
        String node;
        String epoch;
        try (var first = open("data", "state")) {
            addSpace(first);
            node = first.signer().node().hex();
            epoch = first.store().spaces().getFirst().epoch().hex();
        }
        copy("data", "elsewhere");
        assertThatThrownBy(() -> open("elsewhere", "state-elsewhere")).isInstanceOf(Problem.class)
            .hasMessageContaining("belongs to node " + node.substring(0, 8))
            .extracting(problem -> ((Problem) problem).code()).isEqualTo(ErrorCode.KEY_MISSING);
        assertThat(folder.resolve("state-elsewhere")).doesNotExist();
        try (var another = Identity.open(folder.resolve("elsewhere"), folder.resolve("state-elsewhere"), true, random)) {
            assertThat(another.signer().node().hex()).isNotEqualTo(node);
            assertThat(another.newLife()).isTrue();
            assertThat(another.store().spaces().getFirst().epoch().hex()).isNotEqualTo(epoch);
        }
        open("data", "state").close();
    }

    /// The new key is durable before the database names it.
    @Tag("S01") @Test void a_new_identity_that_was_killed_half_way_is_taken_again() throws IOException {
        open("data", "state").close();
        copy("data", "elsewhere");
        var database = folder.resolve("elsewhere").resolve("node.sqlite");
        var before = Files.readAllBytes(database);
        Identity.open(folder.resolve("elsewhere"), folder.resolve("state-elsewhere"), true, random).close();
        Files.write(database, before);
        for (var end : new String[] {"-wal", "-shm"}) Files.deleteIfExists(Path.of(database + end));
        assertThatThrownBy(() -> open("elsewhere", "state-elsewhere")).isInstanceOf(Problem.class).extracting(problem -> ((Problem) problem).remedy()).asString().contains("--new-identity");
        Identity.open(folder.resolve("elsewhere"), folder.resolve("state-elsewhere"), true, random).close();
        open("elsewhere", "state-elsewhere").close();
    }

    @Tag("W06") @Test void a_key_that_others_may_read_is_refused() throws IOException {
        Path key;
        try (var first = open("data", "state")) {
            key = first.state().resolve("key");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.state()))).isEqualTo("rwx------");
        }
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> open("data", "state")).isInstanceOf(Problem.class).hasMessageContaining("Others on this machine");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(folder.resolve("data"), PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(() -> open("data", "state")).isInstanceOf(Problem.class).hasMessageContaining("Others on this machine");
    }

    private Identity open(String data, String state) {
        return Identity.open(folder.resolve(data), folder.resolve(state), false, random);
    }

    private String epoch(String data, String state) {
        try (var node = open(data, state)) {
            return node.store().spaces().getFirst().epoch().hex();
        }
    }

    private void addSpace(Identity node) {
        node.store().put(new SpaceRow(SPACE, "board", node.freshEpoch(), Optional.of("file.sqlite"), Optional.empty(), 1));
    }

    private void copy(String from, String to) throws IOException {
        Files.createDirectory(folder.resolve(to), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var files = Files.list(folder.resolve(from))) {
            for (var file : files.toList()) Files.copy(file, folder.resolve(to).resolve(file.getFileName()));
        }
    }

    private void delete(String name) throws IOException {
        try (var files = Files.list(folder.resolve(name))) {
            for (var file : files.toList()) Files.delete(file);
        }
        Files.delete(folder.resolve(name));
    }
}
