package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HubAddressTest {
    private static final String ID = "0a".repeat(32);

    private static HubAddress read(String url) {
        return HubAddress.read(Map.of("WAGGLE_HUB_URL", url, "WAGGLE_NODE_API_KEY", "secret"), Json.object()).orElseThrow();
    }

    @Test void nobody_who_names_no_hub_has_one() {
        assertThat(HubAddress.read(Map.of("WAGGLE_NODE_API_KEY", "secret"), Json.object())).isEmpty();
        assertThat(HubAddress.read(Map.of("WAGGLE_HUB_URL", " "), Json.object())).isEmpty();
    }

    @ValueSource(strings = {"https://hub.example", "https://hub.example:7117/", "http://127.0.0.1:7117", "http://localhost:7117", "http://[::1]:7117", "https://[2001:db8::1]:7117"})
    @ParameterizedTest void a_key_travels_over_tls_or_not_at_all(String url) {
        assertThat(read(url).toString()).isEqualTo(url.replaceAll("/$", "")).doesNotContain("secret");
    }

    @ValueSource(strings = {"http://hub.example:7117", "http://192.0.2.1", "http://128.0.0.1:1", "http://[2001:db8::1]:7117", "http://localhost.example:7117", "http://127.evil.example"})
    @ParameterizedTest void nor_in_the_open(String url) {
        assertThatThrownBy(() -> read(url)).isInstanceOf(Problem.class).hasMessageContaining("for everybody to read");
    }

    @ValueSource(strings = {"hub.example:7117", "ftp://hub.example", "https://", "https://hub.example/path", "https://me:word@hub.example", "https://hub.example?x", "https://hub example", "wss://hub.example"})
    @ParameterizedTest void what_is_no_address_of_a_hub_is_refused(String url) {
        assertThatThrownBy(() -> read(url)).isInstanceOf(Problem.class).hasMessageContaining("not named as it should be");
    }

    @Test void the_environment_comes_before_the_settings_and_a_file_keeps_the_key(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("key"), " of the file \nmore\n");
        var settings = Json.object("hub_url", "https://of.settings", "node_api_key_file", file.toString(), "hub_node", ID);
        var ofSettings = HubAddress.read(Map.of(), settings).orElseThrow();
        assertThat(ofSettings.url().getHost()).isEqualTo("of.settings");
        assertThat(ofSettings.key()).isEqualTo("of the file");
        assertThat(ofSettings.node().orElseThrow().hex()).isEqualTo(ID);
        var ofEnvironment = HubAddress.read(Map.of("WAGGLE_HUB_URL", "https://of.environment", "WAGGLE_NODE_API_KEY", "key", "WAGGLE_HUB_NODE", "0b".repeat(32)), settings).orElseThrow();
        assertThat(ofEnvironment.url().getHost()).isEqualTo("of.environment");
        assertThat(ofEnvironment.key()).isEqualTo("key");
        assertThat(ofEnvironment.node().orElseThrow().hex()).isEqualTo("0b".repeat(32));
    }

    @Test void what_is_missing_or_wrong_is_said_without_the_key() {
        assertThatThrownBy(() -> HubAddress.read(Map.of("WAGGLE_HUB_URL", "https://hub.example"), Json.object())).hasMessageContaining("no key for it");
        assertThatThrownBy(() -> HubAddress.read(Map.of("WAGGLE_HUB_URL", "https://hub.example", "WAGGLE_NODE_API_KEY", " "), Json.object())).hasMessageContaining("no key for it");
        assertThatThrownBy(() -> HubAddress.read(Map.of("WAGGLE_HUB_URL", "https://hub.example", "WAGGLE_NODE_API_KEY", "secret", "WAGGLE_HUB_NODE", "short"), Json.object()))
            .hasMessageContaining("64 lower-case").hasMessageNotContaining("secret");
        assertThatThrownBy(() -> HubAddress.read(Map.of("WAGGLE_HUB_URL", "https://hub.example", "WAGGLE_NODE_API_KEY_FILE", "/nowhere/at/all"), Json.object())).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> HubAddress.read(Map.of(), Json.object("hub_url", 7))).isInstanceOf(Problem.class).hasMessageContaining("not a string");
    }
}
