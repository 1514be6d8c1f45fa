package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The hub whose organisation this node belongs to: `WAGGLE_HUB_URL`, or `"hub_url"` in `settings.json`.
///
/// @param url  `http(s)://host:port`; without TLS on loopback only, because the key travels to it
/// @param key  `WAGGLE_NODE_API_KEY`, or the first line of the file that `WAGGLE_NODE_API_KEY_FILE`, or `"node_api_key_file"` in the settings, names
/// @param node the hub's id, `WAGGLE_HUB_NODE` or `"hub_node"`: nobody else is spoken to. Without one an `https` hub must have a certificate that this machine trusts
public record HubAddress(URI url, String key, Optional<NodeId> node) {
    /// @return empty when no hub is named
    static Optional<HubAddress> read(Map<String, String> environment, Json.Obj settings) {
        var url = said(environment, "WAGGLE_HUB_URL", settings, "hub_url");
        if (url.isEmpty()) return Optional.empty();
        var key = Optional.ofNullable(environment.get("WAGGLE_NODE_API_KEY")).or(() -> said(environment, "WAGGLE_NODE_API_KEY_FILE", settings, "node_api_key_file").map(HubAddress::firstLine))
            .map(String::strip).filter(text -> !text.isEmpty());
        if (key.isEmpty()) throw new Problem(ErrorCode.BAD_REQUEST, "A hub is named and no key for it.", "Set WAGGLE_NODE_API_KEY or WAGGLE_NODE_API_KEY_FILE; `waggle hub key add` on the hub makes one.");
        var node = said(environment, "WAGGLE_HUB_NODE", settings, "hub_node");
        if (node.filter(id -> !Hex.isLower(id, 64)).isPresent()) throw new Problem(ErrorCode.BAD_REQUEST, "The hub's id is not 64 lower-case hexadecimal digits.", "`waggle hub show` on the hub prints it.");
        return Optional.of(new HubAddress(parse(url.get().replaceAll("/+$", "")), key.get(), node.map(NodeId::new)));
    }

    private static URI parse(String url) {
        if (!url.matches("https?://[^/?#@\\s]+")) throw new Problem(ErrorCode.BAD_REQUEST, "The hub is not named as it should be.", "Write http(s)://host:port.");
        var uri = URI.create(url);
        var host = uri.getHost() == null ? "" : uri.getHost();
        if (uri.getScheme().equals("http") && !HostPort.isLoopback(host.replaceAll("^\\[(.*)]$", "$1")))
            throw new Problem(ErrorCode.BAD_REQUEST, "The key would travel to the hub for everybody to read.", "Use https:// with WAGGLE_HUB_NODE, the hub's id.");
        return uri;
    }

    private static Optional<String> said(Map<String, String> environment, String variable, Json.Obj settings, String member) {
        try {
            return Optional.ofNullable(environment.get(variable)).or(() -> settings.textIfPresent(member)).filter(text -> !text.isBlank());
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"" + member + "\" in settings.json is not a string.", "Correct it, or take it out.", e);
        }
    }

    private static String firstLine(String file) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("");
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Problem(ErrorCode.STORAGE, "The file with the node's API key cannot be read.", "Check its name and permissions.", e);
        }
    }

    /// Without the key.
    @Override public String toString() {
        return url.toString();
    }
}
