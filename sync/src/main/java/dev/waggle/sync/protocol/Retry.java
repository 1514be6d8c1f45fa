package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// When which peer is dialled. After the n-th failure in a row the next attempt waits 2^n s, 64 s at most, of which a random half is taken
/// off, so that many nodes do not come back in step. Attempts never end. One dial at a time for a peer, over its addresses in turn.
///
/// The circuit of a peer is closed while it is connected, half open while a dial is out, open while one is awaited.
final class Retry {
    /// A connection that lived this long was a success: the count of failures begins anew.
    static final long STEADY_MS = 5_000;

    enum Circuit { CLOSED, HALF_OPEN, OPEN }

    sealed interface Out {
        record Dial(NodeId peer, String address) implements Out {}

        record WakeAt(NodeId peer, long atMs) implements Out {}
    }

    private static final class Line {
        List<String> addresses = List.of();
        int failures;
        int turn;
        long nextMs;
        long connectedMs;
        Circuit circuit = Circuit.OPEN;
    }

    private final long delayMsMax;
    private final SortedMap<NodeId, Line> lines = new TreeMap<>();

    Retry(long delayMsMax) {
        this.delayMsMax = delayMsMax;
    }

    /// Dials `peer` from now on whenever it is not connected. Without addresses it can only be waited for.
    List<Out> keep(NodeId peer, List<String> addresses, long nowMs) {
        var line = lines.computeIfAbsent(peer, _ -> new Line());
        boolean changed = !line.addresses.equals(addresses);
        line.addresses = List.copyOf(addresses);
        if (changed) line.turn = 0;
        return changed && line.circuit == Circuit.OPEN ? now(peer, nowMs) : List.of();
    }

    void forget(NodeId peer) {
        lines.remove(peer);
    }

    /// Dials at once, whatever the pause says; the pause after a failure stays as long as it was.
    List<Out> now(NodeId peer, long nowMs) {
        var line = lines.get(peer);
        if (line == null || line.circuit != Circuit.OPEN || line.addresses.isEmpty()) return List.of();
        line.nextMs = nowMs;
        return due(peer, nowMs);
    }

    /// The alarm of a peer rang.
    List<Out> due(NodeId peer, long nowMs) {
        var line = lines.get(peer);
        if (line == null || line.circuit != Circuit.OPEN || line.addresses.isEmpty()) return List.of();
        if (nowMs < line.nextMs) return List.of(new Out.WakeAt(peer, line.nextMs));
        line.circuit = Circuit.HALF_OPEN;
        return List.of(new Out.Dial(peer, line.addresses.get(line.turn++ % line.addresses.size())));
    }

    /// A dial that was asked for is not made now.
    Out postponed(NodeId peer, long untilMs) {
        var line = lines.get(peer);
        line.circuit = Circuit.OPEN;
        line.turn--;
        line.nextMs = untilMs;
        return new Out.WakeAt(peer, untilMs);
    }

    void connected(NodeId peer, long nowMs) {
        var line = lines.get(peer);
        if (line == null) return;
        line.circuit = Circuit.CLOSED;
        line.connectedMs = nowMs;
    }

    /// A dial failed, its handshake failed, or the connection ended.
    List<Out> lost(NodeId peer, long nowMs, long random) {
        var line = lines.get(peer);
        if (line == null) return List.of();
        if (line.circuit == Circuit.CLOSED && nowMs - line.connectedMs >= STEADY_MS) line.failures = 0;
        else line.failures++;
        line.circuit = Circuit.OPEN;
        line.nextMs = nowMs + delayMs(line.failures, random);
        return line.addresses.isEmpty() ? List.of() : List.of(new Out.WakeAt(peer, line.nextMs));
    }

    /// Between half of and all of 2^failures s.
    long delayMs(int failures, long random) {
        long whole = Math.min(delayMsMax, 1_000L << Math.min(failures, 30));
        return whole / 2 + Long.remainderUnsigned(random, whole / 2 + 1);
    }

    /// Every peer that should be dialled by now: the check that repairs a forgotten alarm.
    List<Out> all(long nowMs) {
        var out = new ArrayList<Out>();
        for (var peer : List.copyOf(lines.keySet())) out.addAll(due(peer, nowMs));
        return out;
    }

    Circuit circuit(NodeId peer) {
        var line = lines.get(peer);
        return line == null ? Circuit.OPEN : line.circuit;
    }

    int failures(NodeId peer) {
        var line = lines.get(peer);
        return line == null ? 0 : line.failures;
    }

    long nextMs(NodeId peer) {
        var line = lines.get(peer);
        return line == null ? 0 : line.nextMs;
    }
}
