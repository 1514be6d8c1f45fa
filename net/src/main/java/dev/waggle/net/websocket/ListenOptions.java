package dev.waggle.net.websocket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;

/// Where a node listens, and how it protects what it says.
///
/// @param host     an address or a name of this machine; `0.0.0.0` for all
/// @param port     0 for any free port
/// @param security decided by [#of] for most callers
/// @param allowed  which addresses may open connections: a filter, never proof of who somebody is
public record ListenOptions(String host, int port, Security security, Limits limits, Predicate<InetAddress> allowed) {
    public enum Security {
        /// TLS 1.3 with the node's certificate, on every address.
        TLS,
        /// Plain: allowed on a loopback address only, where another user of the machine is the only listener there could be.
        PLAIN_ON_LOOPBACK,
        /// Plain everywhere, and dialled peers may be plain too: the caller has said so in as many words. Hellos are signed all the same, but
        /// nothing is secret and the proof is not tied to the connection.
        INSECURE
    }

    /// What connections may cost. Defaults in [#DEFAULT].
    ///
    /// @param beforeAuthPerAddressMax connections from one address (IPv6: one /64) that have not shown to belong to a member
    /// @param beforeAuthMax           the same for all addresses together
    /// @param handshakeMs             from accepting a connection to a finished handshake or a complete HTTP request head
    /// @param requestMs               for the body of an HTTP request
    /// @param keepAliveMs             from an HTTP response to the complete head of the next request
    /// @param pingMs                  between pings
    /// @param idleMs                  a connection from which nothing came for this long is dead
    public record Limits(int beforeAuthPerAddressMax, int beforeAuthMax, long handshakeMs, long requestMs, long keepAliveMs, long pingMs, long idleMs) {
        public static final Limits DEFAULT = new Limits(32, 1_024, 10_000, 30_000, 60_000, 30_000, 90_000);
    }

    /// TLS, except on a loopback address.
    public static ListenOptions of(String host, int port) {
        return new ListenOptions(host, port, isLoopback(host) ? Security.PLAIN_ON_LOOPBACK : Security.TLS, Limits.DEFAULT, _ -> true);
    }

    public ListenOptions with(Security newSecurity) {
        return new ListenOptions(host, port, newSecurity, limits, allowed);
    }

    public ListenOptions with(Limits newLimits) {
        return new ListenOptions(host, port, security, newLimits, allowed);
    }

    /// Hangs up on everybody else before a byte is read.
    public ListenOptions only(Predicate<InetAddress> newAllowed) {
        return new ListenOptions(host, port, security, limits, newAllowed);
    }

    public ListenOptions {
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        if (security == Security.PLAIN_ON_LOOPBACK && !isLoopback(host))
            throw new IllegalArgumentException("plain connections on " + host + ": use TLS, or say that it may be insecure");
    }

    private static boolean isLoopback(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) if (!address.isLoopbackAddress()) return false;
            return true;
        } catch (UnknownHostException _) {
            return false;                                             // listening will say what is wrong with the name
        }
    }
}
