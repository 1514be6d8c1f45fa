package dev.waggle.sync.engine;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.time.Hlc;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class LogWorkTest {
    private static final long NOW = 1_700_000_000_000L;

    /// A member may fork its chain as often as it likes: the answer has a limit, which a longer one would break at the sender.
    @Tag("A07") @Test void of_a_chain_with_very_many_branches_as_many_are_named_as_a_frame_takes() {
        var owner = Ed25519.signer(new byte[32]);
        var chain = new ChainId(owner.node(), Epoch.of(new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
        var genesis = Genesis.write(new Author(owner, Epoch.of(new byte[16])), "a space", "table", Json.object(), new byte[Genesis.SALT_BYTES]);
        var log = MemoryEventLog.create(genesis, new Ed25519(), () -> Epoch.of(new byte[16]), NOW);
        for (int i = 0; i <= Frame.BRANCHES_MAX; i++) {
            var envelope = new Envelope(Optional.of(log.space()), chain, 1, Optional.empty(), List.of(), List.of(genesis.id()), new Hlc(NOW, 0), "note_added");
            log.append(List.of(Event.write(envelope, Json.object("text", "branch " + i)).signed(owner)), NOW);
        }
        assertThat(log.branches()).as("and the genesis").hasSize(Frame.BRANCHES_MAX + 2);
        var looked = (Input.Looked) LogWork.look(log, new Effect.Look(1, log.space(), chain, List.of(1L), true));
        assertThat(looked.ids().getFirst()).hasSize(Frame.BRANCHES_MAX);
    }
}
