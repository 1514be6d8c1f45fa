package dev.waggle.node;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;

/// The event with which a space is born.
final class Genesis {
    private Genesis() {}

    /// @param salt 16 fresh random bytes: two spaces of one owner and name are two spaces
    static Event of(Signer owner, Epoch epoch, String name, String spaceType, byte[] salt, long nowMs) {
        var envelope = new Envelope(Optional.empty(), new ChainId(owner.node(), epoch), 1, Optional.empty(), List.of(), List.of(), new Hlc(nowMs, 0),
            ControlType.GENESIS);
        return Event.write(envelope, Json.object("name", name, "owner", owner.node().hex(), "space_type", spaceType, "policies", Json.object(),
            "salt", Hex.of(salt))).signed(owner);
    }
}
