package dev.waggle.net.websocket;

import io.netty.channel.Channel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Bounds what strangers cost before anybody knows who they are: how many connections an address may hold, and until when each must have got
/// somewhere. Asked at accept, before a byte is read or a buffer made. Thread-safe.
///
/// A connection is counted until [#trusted]; a deadline stands until [#noDeadline] or the next [#deadline]. Bytes do not push a deadline back, so
/// sending them slowly gains nothing.
final class Gate {
    private final int perAddressMax;
    private final int max;
    private final long handshakeMs;
    private final Predicate<InetAddress> allowed;
    private final Map<String, Guest> guests = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();       // by address; guarded by this
    private int counted;                                               // guarded by this
    private long refused;                                              // guarded by this

    private static final class Guest {
        final Channel channel;
        final String address;
        boolean counted = true;                                        // guarded by the gate
        volatile long deadlineNanos;
        volatile boolean hasDeadline = true;

        Guest(Channel channel, String address) {
            this.channel = channel;
            this.address = address;
        }
    }

    Gate(ListenOptions.Limits limits) {
        this(limits, _ -> true);
    }

    Gate(ListenOptions.Limits limits, Predicate<InetAddress> allowed) {
        this.allowed = allowed;
        perAddressMax = limits.beforeAuthPerAddressMax();
        max = limits.beforeAuthMax();
        handshakeMs = limits.handshakeMs();
    }

    /// @return false when the address may not come, or it, or all together, hold too many connections: close it unread
    boolean admit(Channel channel, InetSocketAddress remote) {
        var guest = new Guest(channel, countedAddress(remote.getAddress()));
        synchronized (this) {
            if (!allowed.test(remote.getAddress()) || counted >= max || counts.getOrDefault(guest.address, 0) >= perAddressMax) {
                refused++;
                return false;
            }
            counts.merge(guest.address, 1, Integer::sum);
            counted++;
        }
        guest.deadlineNanos = System.nanoTime() + handshakeMs * 1_000_000;
        var key = key(remote.getAddress().getHostAddress(), remote.getPort());
        guests.put(key, guest);
        channel.closeFuture().addListener(_ -> {
            guests.remove(key, guest);
            uncount(guest);
        });
        return true;
    }

    static String key(String hostAddress, int port) {
        return hostAddress + " " + port;
    }

    /// This connection belongs to somebody known here: it does not count any more.
    void trusted(String key) {
        var guest = guests.get(key);
        if (guest != null) uncount(guest);
    }

    /// The next step must be done within `ms`.
    void deadline(String key, long ms) {
        var guest = guests.get(key);
        if (guest == null) return;
        guest.deadlineNanos = System.nanoTime() + ms * 1_000_000;
        guest.hasDeadline = true;
    }

    void noDeadline(String key) {
        var guest = guests.get(key);
        if (guest != null) guest.hasDeadline = false;
    }

    /// Closes those whose time is over. Called by a timer.
    void sweep() {
        long now = System.nanoTime();
        for (var guest : guests.values()) if (guest.hasDeadline && now - guest.deadlineNanos > 0) guest.channel.close();
    }

    synchronized int countedNow() {
        return counted;
    }

    synchronized long refusedSoFar() {
        return refused;
    }

    private synchronized void uncount(Guest guest) {
        if (!guest.counted) return;
        guest.counted = false;
        counted--;
        counts.computeIfPresent(guest.address, (_, count) -> count > 1 ? count - 1 : null);
    }

    /// One person has a whole /64 of IPv6 addresses as easily as one IPv4 address.
    private static String countedAddress(InetAddress address) {
        if (!(address instanceof Inet6Address)) return address.getHostAddress();
        return HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), 8));
    }
}
