package dev.waggle.node.mirror;

import dev.waggle.core.event.NodeId;
import dev.waggle.net.http.FeedClient;
import dev.waggle.node.Dialled;
import dev.waggle.node.HostPort;
import dev.waggle.node.Node;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A node whose public hives are mirrored, as a person named it.
///
/// @param plain `http`, which goes no further than this machine
record Source(boolean plain, HostPort at) {
    /// @throws Problem when it is no address of a node
    static Source parse(String url) {
        try {
            var uri = URI.create(url.strip());
            var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean good = uri.getHost() != null && Set.of("http", "https").contains(scheme) && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null
                && Set.of("", "/").contains(uri.getPath()) && url.length() <= 300;
            if (good) return new Source(scheme.equals("http"), new HostPort(uri.getHost().replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT),
                uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80));
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "That is no address of a node.", "Write it as https://host:port, where that node's peers reach it.");
    }

    /// The one spelling of it.
    String url() {
        return (plain ? "http://" : "https://") + at.text();
    }

    /// A client to the address that the name stands for now. The name is looked up once, here: the address that is judged is the one that is dialled.
    ///
    /// @throws IOException when the name is unknown, or stands for an address that is never dialled
    FeedClient client(Node node, Optional<NodeId> expected) throws IOException {
        return Dialled.feeds(node, plain, at, expected);
    }
}
