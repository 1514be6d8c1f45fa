package dev.waggle.core.event;

import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What every event says about itself, under the reserved member "$" of its payload.
///
/// @param space   absent in the genesis event alone, whose id is the space's id
/// @param prev    the chain's previous event; absent exactly when `seq` is 1
/// @param merges  the other heads the author knew, at most [#MERGES_MAX], sorted by chain, then seq, then id
/// @param control the control events in the author's past that are no ancestors of one another, sorted; empty only in the genesis
/// @param type    what the rest of the payload means: `[a-z][a-z0-9_]*`, at most [#TYPE_CHARS_MAX] characters
public record Envelope(Optional<SpaceId> space, ChainId chain, long seq, Optional<EventId> prev, List<EventRef> merges,
                       List<EventId> control, Hlc ts, String type) {
    public static final String FORMAT = "waggle-event/1";
    /// The reserved member of every object that Waggle signs.
    public static final String MEMBER = "$";
    public static final int MERGES_MAX = 16;
    public static final int CONTROL_MAX = 16;
    public static final int TYPE_CHARS_MAX = 64;

    public Envelope {
        merges = List.copyOf(merges);
        control = List.copyOf(control);
        if (seq < 1 || seq > Json.INTEGER_MAX) throw new IllegalArgumentException("seq " + seq + " is out of range");
        if (prev.isPresent() == (seq == 1)) throw new IllegalArgumentException("an event has a predecessor exactly when its seq is above 1");
        if (space.isEmpty() && seq != 1) throw new IllegalArgumentException("only a chain's first event can be a genesis");
        if (space.isEmpty() && !(merges.isEmpty() && control.isEmpty())) throw new IllegalArgumentException("a genesis has no past");
        if (space.isPresent() && control.isEmpty()) throw new IllegalArgumentException("only a genesis names no control event");
        if (merges.size() > MERGES_MAX) throw new IllegalArgumentException("more than " + MERGES_MAX + " merges");
        if (control.size() > CONTROL_MAX) throw new IllegalArgumentException("more than " + CONTROL_MAX + " control events");
        requireSorted(merges, "merges");
        requireSorted(control, "control");
        if (!isType(type)) throw new IllegalArgumentException("an event type is lower-case letters, digits and _");
    }

    /// The genesis of a space names no space and no control event.
    public boolean isGenesis() {
        return space.isEmpty();
    }

    Json.Obj toJson() {
        return Json.object(
            "is", FORMAT,
            "space", space.map(SpaceId::hex).orElse(null),
            "origin", chain.origin().hex(),
            "epoch", chain.epoch().hex(),
            "seq", seq,
            "prev", prev.map(EventId::hex).orElse(null),
            "merges", merges.isEmpty() ? null : Json.array(merges.stream()
                .map(ref -> Json.array(Json.of(ref.id().hex()), Json.of(ref.chain().text()), Json.of(ref.seq()))).toList()),
            "control", control.isEmpty() ? null : Json.array(control.stream().map(id -> Json.of(id.hex())).toList()),
            "ts", Json.array(Json.of(ts.wallMs()), Json.of(ts.tick())),
            "type", type);
    }

    static Envelope fromJson(Json.Obj json) {
        return fromJson(json, null);
    }

    /// @param like an event with whose envelope this one shares what both say; null for none
    /// @throws MalformedPayload when a member is missing, unknown or not what it should be
    static Envelope fromJson(Json.Obj json, Event like) {
        if (!FORMAT.equals(json.text("is"))) throw new MalformedPayload("unknown format: this node reads " + FORMAT);
        for (var name : json.members().keySet()) if (!MEMBERS.contains(name)) throw new MalformedPayload("unknown envelope member");
        try {
            var ts = json.array("ts");
            if (ts.size() != 2) throw new MalformedPayload("ts must be [wallMs, tick]");
            return new Envelope(
                space(json, like),
                chain(json, like),
                json.integer("seq"),
                prev(json, like),
                merges(json),
                control(json, like),
                new Hlc(ts.get(0).asInteger(), Math.toIntExact(ts.get(1).asInteger())),
                like != null && like.type().equals(json.text("type")) ? like.type() : json.text("type"));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedPayload("envelope: " + e.getMessage());
        }
    }

    private static final List<String> MEMBERS =
        List.of("is", "space", "origin", "epoch", "seq", "prev", "merges", "control", "ts", "type");

    private static Optional<SpaceId> space(Json.Obj json, Event like) {
        if (!json.members().containsKey("space")) return Optional.empty();
        var hex = json.text("space");
        if (like != null && like.envelope().space().isPresent() && like.envelope().space().get().hex().equals(hex)) return like.envelope().space();
        return Optional.of(new SpaceId(hex));
    }

    private static ChainId chain(Json.Obj json, Event like) {
        var origin = json.text("origin");
        var epoch = json.text("epoch");
        if (like != null && like.chain().origin().hex().equals(origin) && like.chain().epoch().hex().equals(epoch)) return like.chain();
        return new ChainId(new NodeId(origin), new Epoch(epoch));
    }

    private static Optional<EventId> prev(Json.Obj json, Event like) {
        if (!json.members().containsKey("prev")) return Optional.empty();
        var hex = json.text("prev");
        return Optional.of(like != null && like.id().hex().equals(hex) ? like.id() : new EventId(hex));
    }

    private static List<EventId> control(Json.Obj json, Event like) {
        var items = nonEmpty(json, "control");
        if (like != null && says(like.envelope().control(), items)) return like.envelope().control();
        return items.stream().map(id -> new EventId(id.asText())).toList();
    }

    private static boolean says(List<EventId> ids, List<Json> items) {
        if (ids.size() != items.size()) return false;
        for (int i = 0; i < ids.size(); i++) if (!(items.get(i) instanceof Json.Str(var hex)) || !ids.get(i).hex().equals(hex)) return false;
        return true;
    }

    private static List<EventRef> merges(Json.Obj json) {
        var merges = new ArrayList<EventRef>();
        for (var item : nonEmpty(json, "merges")) {
            var parts = item.asArray();
            if (parts.size() != 3) throw new MalformedPayload("a merge is [id, chain, seq]");
            merges.add(new EventRef(new EventId(parts.get(0).asText()), ChainId.parse(parts.get(1).asText()), parts.get(2).asInteger()));
        }
        return merges;
    }

    /// An empty list has one spelling: no member.
    private static List<Json> nonEmpty(Json.Obj json, String name) {
        if (!json.members().containsKey(name)) return List.of();
        var items = json.array(name);
        if (items.isEmpty()) throw new MalformedPayload("an empty \"" + name + "\" must be left out");
        return items;
    }

    private static <T extends Comparable<T>> void requireSorted(List<T> items, String what) {
        for (int i = 1; i < items.size(); i++)
            if (items.get(i - 1).compareTo(items.get(i)) >= 0) throw new IllegalArgumentException(what + " must be sorted, each once");
    }

    private static boolean isType(String type) {
        if (type.isEmpty() || type.length() > TYPE_CHARS_MAX || type.charAt(0) < 'a' || type.charAt(0) > 'z') return false;
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_')) return false;
        }
        return true;
    }
}
