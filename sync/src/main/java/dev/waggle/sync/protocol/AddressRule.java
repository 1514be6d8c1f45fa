package dev.waggle.sync.protocol;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which announced addresses are believed enough to be dialled. Only literal addresses: a name could mean another machine at every look-up.
/// Loopback only to a peer that is on this machine itself and was dialled at an address it announces (what lies behind a forwarder or a tunnel
/// means another machine, or a way that a person did not choose); never unspecified, multicast, broadcast, link-local and so no metadata service.
/// Addresses that a person typed are not judged here.
public final class AddressRule {
    private static final int CHARS_MAX = 64;
    /// Services of hosting companies that give secrets to whoever asks, at addresses that look like others.
    private static final java.util.Set<String> METADATA = java.util.Set.of("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16");

    // Compiled once: every record of gossip brings addresses.
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]+");
    private static final Pattern V6_GLOBAL = Pattern.compile("(2|3|fc|fd)[0-9a-f:]+");
    private static final Pattern V6_GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

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
        return v6.contains(":") && V6_GLOBAL.matcher(v6).matches();
    }

    /// Which addresses that somebody else passed on may be dialled: literal, on an ordinary port; of this machine and of private networks only when the
    /// settings say so or this node has an address in the same network (24 bits, or 64); metadata services never.
    public static List<String> passedOn(List<String> addresses, GossipSettings settings, List<String> own) {
        return addresses.stream().filter(address -> mayDial(address, settings, own)).distinct().limit(PeerRecord.ADDRESSES_MAX).toList();
    }

    private static boolean mayDial(String address, GossipSettings settings, List<String> own) {
        if (!believed(address, true)) return false;
        var host = host(address).orElseThrow();
        if (isLoopback(host)) return settings.allowLoopback();
        if (METADATA.contains(host.toLowerCase(java.util.Locale.ROOT))) return false;
        var v4 = v4(host);
        if (v4 == null) {
            var v6 = v6(host);
            if (v6 == null || v6[0] == 0x2002 || v6[0] == 0x2001 && v6[1] == 0) return false;      // these carry an IPv4 address inside
            if (v6[0] == 0xfd00 && v6[1] == 0xec2 && v6[7] == 0x254) return false;                 // a metadata service, however it is spelled
            return (v6[0] & 0xfe00) != 0xfc00 || settings.allowPrivate() || own.stream().anyMatch(each -> near(v6, host(each).map(AddressRule::v6).orElse(null), 4));
        }
        boolean inside = v4[0] == 10 || v4[0] == 172 && v4[1] >= 16 && v4[1] < 32 || v4[0] == 192 && v4[1] == 168 || v4[0] == 100 && v4[1] >= 64 && v4[1] < 128
            || v4[0] == 192 && v4[1] == 0 && v4[2] == 0 || v4[0] == 198 && (v4[1] == 18 || v4[1] == 19);
        return !inside || settings.allowPrivate() || own.stream().anyMatch(each -> near(v4, host(each).map(AddressRule::v4).orElse(null), 3));
    }

    private static boolean near(int[] one, int[] other, int parts) {
        return other != null && java.util.Arrays.equals(one, 0, parts, other, 0, parts);
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
        return host.contains(":") && !V6.matcher(host).matches() ? Optional.empty() : Optional.of(host);
    }

    private static int port(String address) {
        var text = address.substring(address.lastIndexOf(':') + 1);
        return PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    private static int[] v4(String host) {
        if (!V4.matcher(host).matches()) return null;
        var parts = host.split("\\.");
        var numbers = new int[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = Integer.parseInt(parts[i]);
            if (numbers[i] > 255) return null;
        }
        return numbers;
    }

    /// Its eight groups, or null when it is no IPv6 address in hexadecimal.
    private static int[] v6(String host) {
        var halves = host.split("::", -1);
        if (!host.contains(":") || halves.length > 2) return null;
        var head = groups(halves[0]);
        var tail = halves.length == 2 ? groups(halves[1]) : java.util.List.<Integer>of();
        if (head == null || tail == null || halves.length == 1 && head.size() != 8 || head.size() + tail.size() > 8) return null;
        var all = new int[8];
        for (int i = 0; i < head.size(); i++) all[i] = head.get(i);
        for (int i = 0; i < tail.size(); i++) all[8 - tail.size() + i] = tail.get(i);
        return all;
    }

    private static List<Integer> groups(String text) {
        if (text.isEmpty()) return List.of();
        var parts = List.of(text.split(":", -1));
        return parts.stream().allMatch(part -> V6_GROUP.matcher(part).matches()) ? parts.stream().map(part -> Integer.parseInt(part, 16)).toList() : null;
    }
}
