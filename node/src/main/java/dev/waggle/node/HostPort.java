package dev.waggle.node;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.regex.Pattern;

/// An address as people write it: `host:port`, with an IPv6 address in brackets.
public record HostPort(String host, int port) {
    private static final Pattern IN_HOST = Pattern.compile("[^\\s\\p{Cntrl}\\[\\]]+", Pattern.UNICODE_CHARACTER_CLASS);

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            var host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[(.*)]$", "$1");
            if (IN_HOST.matcher(host).matches() && port >= 0 && port <= 65_535 && host.length() <= 255) return new HostPort(host, port);
        } catch (NumberFormatException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "\"" + text + "\" is no address.", "Write it as host:port, for example 127.0.0.1:4747.");
    }

    public String text() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// Nobody outside this machine can reach it under this address.
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /// A name that only begins like an address of this machine is none.
    ///
    /// @param host an IPv6 address without brackets
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    /// All addresses of the machine: good to listen on, useless to dial.
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }
}
