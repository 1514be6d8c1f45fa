package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A peer that a person or the settings file named by its endpoint.
///
/// @param id       of this entry: the same for the same endpoint
/// @param endpoint `http(s)://host:port/sync/v1`
/// @param hives    names of the spaces that are exchanged with it; empty for all that are shared
/// @param node     its id: pinned by who named it, or of who proved to be there when it was first reached
/// @param ttl      over how many hops others are told of it; -1 for what the settings say
/// @param fixed    it is in the settings file and stays as it is there
public record SyncPeer(String id, String name, String endpoint, List<String> hives, Optional<NodeId> node, int ttl, boolean fixed) {
    public static final int NAME_CHARS_MAX = 200;
    /// Services of hosting companies that give secrets to whoever asks.
    private static final Set<String> METADATA = Set.of("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2:0:0:0:0:0:254");

    public SyncPeer {
        hives = List.copyOf(hives);
    }

    /// @throws Problem when the endpoint or the name cannot be used
    public static SyncPeer of(String name, String endpoint, List<String> hives, Optional<NodeId> node, int ttl, boolean fixed) {
        if (name.length() > NAME_CHARS_MAX || hives.size() > 256) throw new Problem(ErrorCode.BAD_REQUEST, "The name or the list of hives is too long.", "Shorten it.");
        address(endpoint);
        return new SyncPeer("peer_" + Hex.of(Sha256.of(endpoint.getBytes(StandardCharsets.UTF_8))).substring(0, 16), name, endpoint, hives, node, ttl, fixed);
    }

    HostPort address() {
        return address(endpoint);
    }

    private static HostPort address(String endpoint) {
        try {
            var uri = URI.create(endpoint);
            boolean good = uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getUserInfo() == null && uri.getQuery() == null
                && Set.of("", "/", "/sync/v1", "/sync/v1/").contains(uri.getPath());
            if (good) return new HostPort(uri.getHost().replaceAll("^\\[|]$", ""), uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80);
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "The sync_endpoint is no endpoint.", "Write it as https://host:port/sync/v1.");
    }

    /// What nobody means when they name a peer. Loopback and private networks are a person's to choose.
    static boolean mayDial(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress() && !address.isLinkLocalAddress() && !METADATA.contains(address.getHostAddress().replaceAll("%.*", ""));
    }

    SyncPeer with(NodeId proved) {
        return new SyncPeer(id, name, endpoint, hives, Optional.of(proved), ttl, fixed);
    }

    Json.Obj json() {
        return Json.object("name", name, "sync_endpoint", endpoint, "shared_hives", Json.array(hives.stream().map(Json::of).toList()), "signing_key", node.map(NodeId::hex).orElse(null),
            "gossip_ttl", (long) ttl);
    }

    static SyncPeer read(Json.Obj json) {
        return of(json.text("name"), json.text("sync_endpoint"), json.array("shared_hives").stream().map(Json::asText).toList(),
            json.get("signing_key").filter(value -> !(value instanceof Json.Null)).map(value -> new NodeId(value.asText())), (int) json.integer("gossip_ttl"), false);
    }
}
