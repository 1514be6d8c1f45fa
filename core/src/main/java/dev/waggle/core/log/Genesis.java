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

    /// What makes a genesis well-formed, apart from its signature and its id being the space.
    static boolean isWellFormed(Event event) {
        var envelope = event.envelope();
        var body = event.body();
        return envelope.isGenesis() && envelope.type().equals(ControlType.GENESIS) && envelope.merges().isEmpty() && envelope.control().isEmpty()
            && isText(body, "name") && isText(body, "space_type") && isText(body, "salt")
            && body.get("policies").filter(Json.Obj.class::isInstance).isPresent()
            && body.get("owner").filter(Json.of(envelope.chain().origin().hex())::equals).isPresent();
    }

    private static boolean isText(Json.Obj body, String name) {
        return body.get(name).filter(Json.Str.class::isInstance).isPresent();
    }
}
