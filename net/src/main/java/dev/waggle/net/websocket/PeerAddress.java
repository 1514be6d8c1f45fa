package dev.waggle.net.websocket;

/// Where a node can be dialled: `host:port`, `[IPv6]:port`, or with `ws://` or `wss://` before it to insist on plain or TLS.
///
/// @param scheme what the text insists on
record PeerAddress(Scheme scheme, String host, int port) {
    enum Scheme { ANY, PLAIN, TLS }

    /// @throws IllegalArgumentException with a sentence for people
    static PeerAddress parse(String text) {
        var scheme = Scheme.ANY;
        var rest = text.strip();
        if (rest.startsWith("wss://")) {
            scheme = Scheme.TLS;
            rest = rest.substring(6);
        } else if (rest.startsWith("ws://")) {
            scheme = Scheme.PLAIN;
            rest = rest.substring(5);
        }
        int colon = rest.lastIndexOf(':');
        if (colon < 1) throw wrong();
        var host = rest.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        else if (host.indexOf(':') >= 0) throw wrong();
        if (host.isEmpty() || host.length() > 253 || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@' || c > '~')) throw wrong();
        var digits = rest.substring(colon + 1);
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) throw wrong();
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) throw wrong();
        return new PeerAddress(scheme, host, port);
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("an address is host:port, for example 192.0.2.7:4711 or [2001:db8::7]:4711");
    }
}
