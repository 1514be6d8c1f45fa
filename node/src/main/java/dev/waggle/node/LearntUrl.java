package dev.waggle.node;

import dev.waggle.sync.protocol.AddressRule;
import dev.waggle.sync.protocol.GossipSettings;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A URL that came in an event: whoever wrote it may mean this machine, a machine inside this network, or a service that gives away secrets. It is judged like
/// an address that gossip passed on, by the addresses that its name stands for now, and these are what is dialled.
public final class LearntUrl {
    private static final Set<String> PATHS = Set.of("", "/", "/sync/v1", "/sync/v1/");

    private LearntUrl() {}

    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /// @return `http(s)://address:port` of those that may be dialled; plain ones on this machine only
    public static List<URI> dialable(Node node, String url) {
        return dialable(url, node.settings().sync().engine().gossip(), node.peers().addresses(), InetAddress::getAllByName);
    }

    static List<URI> dialable(String url, GossipSettings settings, List<String> own, Lookup lookup) {
        try {
            var uri = new URI(url);
            boolean secure = "https".equals(uri.getScheme());
            boolean good = uri.getHost() != null && (secure || "http".equals(uri.getScheme())) && uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null
                && PATHS.contains(uri.getRawPath());
            if (!good) return List.of();
            int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
            var addresses = new ArrayList<String>();
            for (var each : lookup.of(uri.getHost().replaceAll("^\\[|]$", "")))
                if (secure || each.isLoopbackAddress()) addresses.add(new HostPort(each.getHostAddress().replaceAll("%.*", ""), port).text());
            return AddressRule.passedOn(addresses, settings, own).stream().map(address -> URI.create((secure ? "https://" : "http://") + address)).toList();
        } catch (java.net.URISyntaxException | UnknownHostException _) {
            return List.of();
        }
    }
}
