package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.GossipSettings;
import dev.waggle.sync.protocol.SyncSettings;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The member `sync` of `settings.json`: how this node finds its peers and exchanges with them. Times are milliseconds. Every member may be left out.
///
/// @param discovery  which sources of peers are asked besides what people say: `both`, `hub`, `manual`
/// @param peers      peers that the file names; they are kept as if a person had added them, and cannot be removed at run time
/// @param hubs       hubs at which the node registers
/// @param staleMs    on a hub: a swarm that sent no heartbeat for this long is called offline
/// @param alertLag   a peer that lacks more events than this is told of, once, until it is below half; 0 for never
/// @param webhook    where alerts are posted as JSON
/// @param ranges     who may open connections, as `10.0.0.0/8`; empty for everybody. A filter, never proof of who somebody is
/// @param pushRate   events a second that a peer may push without being asked
/// @param subscriptionMs how often a public hive that is mirrored is asked, where its subscription does not say
public record SyncOptions(SyncSettings engine, String discovery, List<StaticPeer> peers, List<Hub> hubs, long staleMs, long alertLag, Optional<String> webhook,
                          List<AddressRange> ranges, int pushRate, long subscriptionMs) {
    private static final Set<String> MEMBERS = Set.of("discovery", "heartbeat_interval", "peer_timeout", "peers", "hubs", "hub_stale_timeout", "gossip", "alert_lag", "alert_webhook",
        "allowed_ranges", "push_rate", "subscription_interval");
    private static final Set<String> GOSSIP_MEMBERS = Set.of("enabled", "default_ttl", "hub_peer_ttl", "exchange_interval", "max_gossip_peers", "stale_timeout", "max_failures",
        "allow_private", "allow_loopback", "dials_per_minute", "dials_at_once");
    public static final int PUSH_RATE = 100;
    private static final long DAY_MS = 24 * 3_600_000L;

    /// @param node   its id; whoever answers at the endpoint when it is left out
    /// @param spaces names of spaces; empty for all that are shared
    public record StaticPeer(String name, String endpoint, List<String> spaces, Optional<NodeId> node) {}

    /// @param url   `http(s)://host:port`
    /// @param token the hub's registration key
    /// @param node  the hub's id: nobody else is spoken to
    public record Hub(String url, String token, Optional<NodeId> node) {}

    public static SyncOptions defaults() {
        return read(Json.object());
    }

    /// @throws Problem when a member is not what it should be
    public static SyncOptions read(Json.Obj settings) {
        try {
            var sync = object(settings, "sync");
            known(sync, MEMBERS, "sync");
            var engine = SyncSettings.defaults().withTimes(number(sync, "heartbeat_interval", 30_000, 100, DAY_MS), number(sync, "peer_timeout", 300_000, 100, DAY_MS))
                .with(gossip(object(sync, "gossip")));
            var discovery = sync.textIfPresent("discovery").orElse("both");
            if (!List.of("both", "hub", "manual").contains(discovery)) throw new MalformedPayload("\"discovery\" is one of both, hub, manual");
            return new SyncOptions(engine, discovery, sync.arrayOrEmpty("peers").stream().map(SyncOptions::peer).toList(),
                sync.arrayOrEmpty("hubs").stream().map(SyncOptions::hub).toList(), number(sync, "hub_stale_timeout", 300_000, 100, DAY_MS),
                number(sync, "alert_lag", 1_000, 0, Integer.MAX_VALUE), sync.textIfPresent("alert_webhook").map(SyncOptions::webhook),
                sync.arrayOrEmpty("allowed_ranges").stream().map(range -> AddressRange.parse(range.asText())).toList(),
                (int) number(sync, "push_rate", PUSH_RATE, 1, 1_000_000), number(sync, "subscription_interval", 60_000, 1_000, DAY_MS));
        } catch (MalformedPayload | IllegalArgumentException e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"sync\" in settings.json is not as it should be: " + e.getMessage() + ".",
                "Correct it, or take the member out to use the default.", e);
        }
    }

    private static GossipSettings gossip(Json.Obj gossip) {
        known(gossip, GOSSIP_MEMBERS, "sync.gossip");
        var defaults = GossipSettings.defaults();
        return new GossipSettings(flag(gossip, "enabled", true), (int) number(gossip, "default_ttl", defaults.defaultTtl(), 0, GossipSettings.TTL_MAX),
            (int) number(gossip, "hub_peer_ttl", defaults.hubPeerTtl(), 0, GossipSettings.TTL_MAX), number(gossip, "exchange_interval", defaults.exchangeMs(), 100, DAY_MS),
            (int) number(gossip, "max_gossip_peers", defaults.peersMax(), 0, defaults.peersMax()), number(gossip, "stale_timeout", defaults.staleMs(), 100, DAY_MS),
            (int) number(gossip, "max_failures", defaults.failuresMax(), 1, 1_000), flag(gossip, "allow_private", defaults.allowPrivate()),
            flag(gossip, "allow_loopback", defaults.allowLoopback()), (int) number(gossip, "dials_per_minute", defaults.dialsAMinute(), 1, 1_000),
            (int) number(gossip, "dials_at_once", defaults.dialsAtOnce(), 1, 100));
    }

    private static StaticPeer peer(Json json) {
        var peer = json.asObject();
        return new StaticPeer(peer.textIfPresent("name").orElse(""), peer.text("sync_endpoint"), peer.arrayOrEmpty("shared_hives").stream().map(Json::asText).toList(),
            peer.textIfPresent("signing_key").map(SyncOptions::node));
    }

    private static NodeId node(String text) {
        if (!Hex.isLower(text, 64)) throw new MalformedPayload("\"signing_key\" is not 64 lower-case hexadecimal digits");
        return new NodeId(text);
    }

    private static Hub hub(Json json) {
        var hub = json.asObject();
        var url = hub.text("url").replaceAll("/+$", "");
        if (!url.matches("https?://[^/?#]+")) throw new MalformedPayload("a hub's \"url\" is http(s)://host:port");
        return new Hub(url, hub.text("token"), hub.textIfPresent("signing_key").map(SyncOptions::node));
    }

    private static Json.Obj object(Json.Obj json, String name) {
        return json.get(name).isPresent() ? json.object(name) : Json.object();
    }

    private static void known(Json.Obj json, Set<String> names, String where) {
        for (var name : json.members().keySet()) if (!names.contains(name)) throw new MalformedPayload("\"" + where + "\" has no member \"" + name + "\"");
    }

    private static long number(Json.Obj json, String name, long otherwise, long min, long max) {
        if (json.get(name).isEmpty()) return otherwise;
        long value = json.integer(name);
        if (value < min || value > max) throw new MalformedPayload("\"" + name + "\" is not from " + min + " to " + max);
        return value;
    }

    private static boolean flag(Json.Obj json, String name, boolean otherwise) {
        return switch (json.get(name).orElse(null)) {
            case null -> otherwise;
            case Json.Bool(var value) -> value;
            default -> throw new MalformedPayload("\"" + name + "\" is not true or false");
        };
    }

    /// What may change while a node runs, from `newer`; the rest stays.
    SyncOptions running(SyncOptions newer) {
        return new SyncOptions(engine, discovery, peers, hubs, staleMs, newer.alertLag, newer.webhook, newer.ranges, newer.pushRate, newer.subscriptionMs);
    }

    private static String webhook(String address) {
        try {
            var uri = java.net.URI.create(address);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) return address;
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new MalformedPayload("\"alert_webhook\" is no address that begins with http:// or https://");
    }

    /// For the length of one command: nobody is told that this node is up, and nobody is looked for.
    SyncOptions alone() {
        return new SyncOptions(engine, discovery, List.of(), List.of(), staleMs, alertLag, Optional.empty(), ranges, pushRate, subscriptionMs);
    }

    /// Hubs are asked.
    public boolean asksHubs() {
        return !discovery.equals("manual");
    }
}
