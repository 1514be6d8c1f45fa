package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// What nodes, events and moments are called in sentences.
///
/// @param self  this node
/// @param peers what this node calls others; not in it, or empty, for one without a name
public record Names(NodeId self, Map<NodeId, String> peers) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'").withZone(ZoneOffset.UTC);
    private static final long FOUR_DIGIT_YEARS_MS = 253_402_300_800_000L;

    public Names {
        peers = Map.copyOf(peers);
    }

    String node(NodeId node) {
        if (node.equals(self)) return "this node";
        var name = peers.getOrDefault(node, "");
        return "node " + node.brief() + (name.isEmpty() ? "" : " \"" + name + "\"");
    }

    static String event(EventId event) {
        return "event " + event.brief();
    }

    static String time(long wallMs) {
        return wallMs < FOUR_DIGIT_YEARS_MS ? TIME.format(Instant.ofEpochMilli(wallMs)) : wallMs + " ms after 1970";
    }

    static String capital(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
