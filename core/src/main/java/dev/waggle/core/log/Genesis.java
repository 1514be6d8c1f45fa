package dev.waggle.core.log;

import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;

/// The event that a space is born with. Its id is the space's id, and its author the first owner.
public final class Genesis {
    public static final int SALT_BYTES = 32;
    /// How long nothing is seen of an owner before it counts as gone, where the genesis does not say: 30 days.
    public static final long OWNER_GONE_MS = 30L * 24 * 3_600_000;
    static final String OWNER_GONE = "owner_gone_ms";

    private Genesis() {}

    /// Writes and signs a genesis stamped with the wall time zero, so that no clock can make a space start in the future.
    ///
    /// @param salt [#SALT_BYTES] fresh random bytes: two spaces of one name and owner differ
    public static Event write(Author author, String name, String spaceType, Json.Obj policies, byte[] salt) {
        return write(author, name, spaceType, policies, salt, 0);
    }

    /// As above, stamped with `nowMs`.
    ///
    /// @throws dev.waggle.core.event.PayloadTooLarge when name and policies do not fit one payload
    public static Event write(Author author, String name, String spaceType, Json.Obj policies, byte[] salt, long nowMs) {
        if (salt.length != SALT_BYTES) throw new IllegalArgumentException("a salt is " + SALT_BYTES + " bytes");
        var body = Json.object("name", name, "owner", author.signer().node().hex(), "space_type", spaceType, "policies", policies,
            "salt", Hex.of(salt));
        var envelope = new Envelope(Optional.empty(), new ChainId(author.signer().node(), author.epoch()), 1, Optional.empty(), List.of(), List.of(),
            new Hlc(nowMs, 0), ControlType.GENESIS);
        return Event.write(envelope, body).signed(author.signer());
    }

    /// As above, for a space whose owner counts as gone after `ownerGoneMs` milliseconds without an event.
    public static Event write(Author author, String name, String spaceType, Json.Obj policies, byte[] salt, long nowMs, long ownerGoneMs) {
        if (ownerGoneMs < 1) throw new IllegalArgumentException("an owner is not gone at once");
        var plain = write(author, name, spaceType, policies, salt, nowMs);
        var members = new java.util.TreeMap<>(plain.body().members());
        members.remove(Envelope.MEMBER);
        members.put(OWNER_GONE, Json.of(ownerGoneMs));
        return Event.write(plain.envelope(), new Json.Obj(members)).signed(author.signer());
    }

    /// How long nothing is seen of an owner before the heir may claim the space.
    public static long ownerGoneMs(Event genesis) {
        return genesis.body().get(OWNER_GONE).isPresent() && genesis.envelope().isGenesis() ? genesis.body().integer(OWNER_GONE) : OWNER_GONE_MS;
    }

    /// What makes a genesis well-formed, apart from its signature and its id being the space.
    static boolean isWellFormed(Event event) {
        var envelope = event.envelope();
        var body = event.body();
        return envelope.isGenesis() && envelope.type().equals(ControlType.GENESIS) && envelope.merges().isEmpty() && envelope.control().isEmpty()
            && isText(body, "name") && isText(body, "space_type") && isText(body, "salt")
            && body.get("policies").filter(Json.Obj.class::isInstance).isPresent()
            && (body.get(OWNER_GONE).isEmpty() || isPositive(body))
            && body.get("owner").filter(Json.of(envelope.chain().origin().hex())::equals).isPresent();
    }

    private static boolean isPositive(Json.Obj body) {
        return body.get(OWNER_GONE).orElseThrow() instanceof Json.Num && body.integer(OWNER_GONE) > 0;
    }

    private static boolean isText(Json.Obj body, String name) {
        return body.get(name).filter(Json.Str.class::isInstance).isPresent();
    }
}
