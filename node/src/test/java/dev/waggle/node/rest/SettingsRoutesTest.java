package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class SettingsRoutesTest {
    private static final String BEFORE = "{\"sync\":{\"gossip\":{\"enabled\":false},\"push_rate\":7},\"board\":{\"executor\":{\"slots\":3}}}";
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() throws Exception {
        Files.createDirectory(folder.resolve("data"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file(), BEFORE);
        open();
    }

    private void open(String... addresses) {
        node = TestNode.start(TestNode.settings(folder, TestNode.flags(folder.resolve("data"), addresses)).withoutRest());
    }

    @Test void a_change_holds_at_once_and_after_the_next_start_and_leaves_the_rest_of_the_file() throws Exception {
        assertThat(value("sync.push_rate")).isEqualTo(Json.of(7L));
        change("sync.push_rate", Json.of(50L));
        change("compaction.automatic", Json.FALSE);
        change("sync.alert_webhook", Json.of("https://192.0.2.8/alerts/secret"));
        change("addresses", Json.array(Json.of("192.0.2.7:4747")));
        change("board.node_name", Json.of("shed"));
        assertHolds();
        assertThat(Files.readString(file())).contains("\"enabled\": false", "\"slots\": 3", "\n  \"sync\": {\n");
        node.close();
        open();
        assertHolds();
    }

    private void assertHolds() {
        var settings = node.node().settings();
        assertThat(settings.sync().pushRate()).isEqualTo(50);
        assertThat(settings.compaction().automatic()).isFalse();
        assertThat(settings.sync().webhook()).contains("https://192.0.2.8/alerts/secret");
        assertThat(value("sync.alert_webhook")).as("what may be a secret").isEqualTo(Json.of("https://192.0.2.8/…"));
        assertThat(node.node().peers().addresses()).containsExactly("192.0.2.7:4747");
        assertThat(node.get("/api/swarm-settings").object("data").text("node_name")).isEqualTo("shed");
        assertThat(settings.sync().engine().gossip().enabled()).isFalse();
    }

    @Test void nothing_in_place_of_a_value_is_the_default_again() throws Exception {
        change("sync.push_rate", Json.NULL);
        assertThat(node.node().settings().sync().pushRate()).isEqualTo(100);
        assertThat(Files.readString(file())).doesNotContain("push_rate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sync.push_rate             | 0                  | "push_rate" is not from 1 to 1000000.
        sync.alert_lag             | "many"             | "alert_lag": expected an integer.
        sync.alert_webhook         | "ftp://here"       | "alert_webhook" is no address that begins with http:// or https://.
        sync.allowed_ranges        | ["10.0.0.0/99"]    | "10.0.0.0/99" has too many bits.
        compaction.automatic       | "yes"              | "automatic" is not true or false.
        compaction.retention_days  | -1                 | "retention_days" is not from 0 to 100000.
        board.public_url           | "here"             | "public_url": a public URL begins with https:// or http://.
        addresses                  | ["nowhere"]        | "nowhere" is no address.
        board.executor             | {"enabled":true}   | "board.executor" is no setting that can be changed while the node runs.
        listen                     | "0.0.0.0:1"        | "listen" is no setting that can be changed while the node runs.
        """)
    void a_bad_value_is_refused_in_the_words_of_its_field_and_changes_nothing(String name, String value, String says) throws Exception {
        var before = node.node().settings();
        assertThatThrownBy(() -> change(name, Canonical.parse(value.getBytes(StandardCharsets.UTF_8)))).isInstanceOf(Problem.class)
            .hasMessage(says).extracting(problem -> ((Problem) problem).code().status()).isIn(400, 404);
        assertThat(Files.readString(file())).isEqualTo(BEFORE);
        assertThat(node.node().settings()).isEqualTo(before);
    }

    @Test void addresses_that_a_flag_names_are_shown_and_not_changed() {
        node.close();
        open("192.0.2.9:1");
        assertThat(setting("addresses").get("editable")).contains(Json.FALSE);
        assertThat(value("addresses")).isEqualTo(Json.array(Json.of("192.0.2.9:1")));
        assertThatThrownBy(() -> change("addresses", Json.array())).isInstanceOf(Problem.class).hasMessageContaining("when the node was started");
        change("sync.push_rate", Json.of(8L));
        assertThat(node.node().peers().addresses()).containsExactly("192.0.2.9:1");
    }

    @Test void what_takes_a_restart_says_how() {
        assertThat(node.get("/api/v1/settings").array("fixed")).isNotEmpty().allMatch(each -> each.asObject().text("how").endsWith("."));
    }

    @Test void what_the_file_has_for_the_next_start_is_told_beside_what_holds() throws Exception {
        assertThat(fixed("sync.heartbeat_interval")).isEqualTo(new Fixed("30000 ms", ""));
        Files.writeString(file(), "{\"sync\": {\"heartbeat_interval\": 5000, \"gossip\": {\"exchange_interval\": 7000}, \"discovery\": \"manual\"}}");
        assertThat(fixed("sync.heartbeat_interval")).isEqualTo(new Fixed("30000 ms", "5000 ms"));
        assertThat(fixed("sync.gossip")).isEqualTo(new Fixed("off", "on, every 7000 ms"));
        assertThat(fixed("sync.discovery")).isEqualTo(new Fixed("both", "manual"));
        assertThat(fixed("sync.peers")).as("not spoken of in the file").isEqualTo(new Fixed("0 named", ""));
    }

    private record Fixed(String now, String next) {}

    private Fixed fixed(String name) {
        var found = node.get("/api/v1/settings").array("fixed").stream().map(Json::asObject).filter(each -> each.text("name").equals(name)).findFirst().orElseThrow();
        return new Fixed(found.text("value"), found.textIfPresent("next").orElse(""));
    }

    private Path file() {
        return folder.resolve("data").resolve("settings.json");
    }

    private Json value(String name) {
        return setting(name).get("value").orElseThrow();
    }

    private Json.Obj setting(String name) {
        return node.get("/api/v1/settings").array("settings").stream().map(Json::asObject).filter(each -> each.text("name").equals(name)).findFirst().orElseThrow();
    }

    private void change(String name, Json value) {
        node.call("PATCH", "/api/v1/settings", Json.object("name", name, "value", value));
    }
}
