package dev.waggle.sync.protocol;

import java.util.List;
import java.util.Optional;

/// Which announced addresses are believed enough to be dialled. Only literal addresses: a name could mean another machine at every look-up.
/// Loopback only to a peer that is on this machine itself and was dialled at an address it announces (what lies behind a forwarder or a tunnel
/// means another machine, or a way that a person did not choose); never unspecified, multicast, broadcast, link-local and so no metadata service.
/// Addresses that a person typed are not judged here.
final class AddressRule {
    private static final int CHARS_MAX = 64;

    private AddressRule() {}

    /// @param direct the connection reaches the announcer at one of its own addresses
    static List<String> believed(List<String> announced, String remote, boolean direct) {
        boolean local = direct && host(remote).map(AddressRule::isLoopback).orElse(false);
        return announced.stream().filter(address -> believed(address, local)).distinct().limit(Frame.ADDRESSES_MAX).toList();
    }

    private static boolean believed(String address, boolean local) {
        if (address.length() > CHARS_MAX) return false;
        var host = host(address);
        var port = port(address);
        if (host.isEmpty() || port < 1 || port > 65_535 || port < 1_024 && port != 443) return false;
        if (isLoopback(host.get())) return local;
        var v4 = v4(host.get());
        if (v4 != null) return !(v4[0] == 0 || v4[0] >= 224 || v4[0] == 169 && v4[1] == 254);
        var v6 = host.get().toLowerCase(java.util.Locale.ROOT);
        // Global and unique-local only; the rest of IPv6 (unspecified, mapped IPv4, link-local, multicast) begins otherwise.
        return v6.contains(":") && v6.matches("(2|3|fc|fd)[0-9a-f:]+");
    }

    /// What may be told to a peer of whom it is not known that the connection to it is direct.
    static List<String> withoutLoopback(List<String> own) {
        return own.stream().filter(address -> !host(address).map(AddressRule::isLoopback).orElse(true)).toList();
    }

    private static boolean isLoopback(String host) {
        var v4 = v4(host);
        return v4 != null ? v4[0] == 127 : host.equals("::1") || host.equals("0:0:0:0:0:0:0:1");
    }

    private static Optional<String> host(String address) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0) return Optional.empty();
        var host = address.substring(0, colon);
        if (host.startsWith("/")) host = host.substring(1);
        if (host.startsWith("[") && host.endsWith("]")) return Optional.of(host.substring(1, host.length() - 1));
        return host.contains(":") && !host.matches("[0-9a-fA-F:]+") ? Optional.empty() : Optional.of(host);
    }

    private static int port(String address) {
        var text = address.substring(address.lastIndexOf(':') + 1);
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    }

    private static int[] v4(String host) {
        if (!host.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}")) return null;
        var parts = host.split("\\.");
        var numbers = new int[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = Integer.parseInt(parts[i]);
            if (numbers[i] > 255) return null;
        }
        return numbers;
    }
}
