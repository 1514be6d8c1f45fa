package dev.waggle.node;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/// Which addresses of this machine others can dial.
final class LocalAddresses {
    private static final int ADDRESSES_MAX = 4;

    private LocalAddresses() {}

    /// The address itself, or for one that stands for all the machine's own: IPv4 before IPv6, none that is local to a cable.
    static List<String> of(HostPort listening) {
        if (!listening.isWildcard()) return List.of(listening.text());
        var v4 = new ArrayList<String>();
        var v6 = new ArrayList<String>();
        try {
            for (var each : NetworkInterface.networkInterfaces().toList()) {
                if (!each.isUp() || each.isLoopback()) continue;
                each.inetAddresses().filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress()).forEach(address ->
                    (address instanceof Inet4Address ? v4 : v6).add(new HostPort(address.getHostAddress().replaceAll("%.*", ""), listening.port()).text()));
            }
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        v4.addAll(v6);
        return v4.isEmpty() ? List.of(new HostPort("127.0.0.1", listening.port()).text()) : v4.stream().limit(ADDRESSES_MAX).toList();
    }
}
