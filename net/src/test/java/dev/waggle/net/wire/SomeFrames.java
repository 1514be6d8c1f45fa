package dev.waggle.net.wire;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;
import dev.waggle.sync.protocol.Frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Frames of every kind, drawn from a seed.
public final class SomeFrames {
    public static final int KINDS = 22;
    private final RandomGenerator random;
    private final Signer signer;

    public SomeFrames(RandomGenerator random) {
        this.random = random;
        this.signer = Ed25519.signer(bytes(32));
    }

    public Frame any() {
        return ofKind(random.nextInt(KINDS));
    }

    /// @param kind 0 to [#KINDS] - 1, one for each frame
    public Frame ofKind(int kind) {
        var space = SpaceId.of(bytes(32));
        return switch (kind) {
            case 0 -> new Frame.Hello(some(3, () -> random.nextInt(100)), some(3, this::text), NodeId.of(bytes(32)), bytes(32), random.nextLong(1L << 50));
            case 1 -> new Frame.Proof(bytes(64));
            case 2 -> new Frame.Redeem(bytes(random.nextInt(300)), bytes(64));
            case 3 -> new Frame.Welcome(space);
            case 4 -> new Frame.Refused(text(), text());
            case 5 -> new Frame.Spaces(some(5, () -> bytes(32)));
            case 6 -> new Frame.SharedSpaces(some(5, () -> bytes(32)));
            case 7 -> new Frame.Have(space, bytes(32), random.nextInt(1_000_000), random.nextLong(1L << 53), some(4, this::tip));
            case 8 -> new Frame.Tips(space, some(20, this::tip), random.nextBoolean());
            case 9 -> new Frame.Events(space, some(8, this::event), random.nextLong(1L << 53));
            case 10 -> new Frame.Chunks(space, some(4, () -> Chunk.of(bytes(random.nextInt(2_000)))));
            case 11 -> new Frame.Ack(space, random.nextLong(1L << 53), count(), count(), count(), count(), count(), count());
            case 12 -> new Frame.Want(space, some(5, () -> EventId.of(bytes(32))), some(5, () -> ChunkId.of(bytes(32))));
            case 13 -> new Frame.Probe(space, chain(), some(6, () -> random.nextLong(1, 1_000_000)));
            case 14 -> {
                var seqs = some(6, () -> random.nextLong(1, 1_000_000));
                var ids = new ArrayList<List<EventId>>();
                for (var _ : seqs) ids.add(some(3, () -> EventId.of(bytes(32))));
                yield new Frame.Places(space, chain(), seqs, ids);
            }
            case 15 -> new Frame.Ping(random.nextLong());
            case 16 -> new Frame.Pong(random.nextLong());
            case 17 -> new Frame.Bye(text(), random.nextBoolean() ? Optional.of(text()) : Optional.empty());
            case 18 -> new Frame.Addresses(some(3, this::text));
            case 19 -> new Frame.Removed(bytes(32), EventId.of(bytes(32)));
            case 20 -> new Frame.Gossip(some(3, () -> new Frame.Told(bytes(random.nextInt(400)), bytes(64), random.nextInt(3))));
            case 21 -> new Frame.Checkpoint(space, event());
            default -> throw new IllegalArgumentException("no kind " + kind);
        };
    }

    public Event event() {
        boolean genesis = random.nextInt(4) == 0;
        var envelope = new Envelope(genesis ? Optional.empty() : Optional.of(SpaceId.of(bytes(32))),
            new ChainId(signer.node(), Epoch.of(bytes(16))), 1, Optional.empty(), List.of(),
            genesis ? List.of() : List.of(EventId.of(bytes(32))), new Hlc(random.nextLong(1L << 45), random.nextInt(100)),
            genesis ? "genesis" : "post_created");
        var event = Event.write(envelope, Json.object("title", text(), "votes", random.nextInt(1_000)));
        return random.nextBoolean() ? event.signed(signer) : event;
    }

    public Tip tip() {
        return new Tip(chain(), 0, random.nextLong(1, 1L << 40), EventId.of(bytes(32)), new Hlc(random.nextLong(1L << 45), random.nextInt(65_536)));
    }

    public byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private ChainId chain() {
        return new ChainId(NodeId.of(bytes(32)), Epoch.of(bytes(16)));
    }

    private int count() {
        return random.nextInt(500);
    }

    private String text() {
        return List.of("", "zstd", "käse \"mit\" Löchern\n", "蜂", "\uD83D\uDC1D dance", "plain").get(random.nextInt(6));
    }

    private <T> List<T> some(int max, Supplier<T> item) {
        var items = new ArrayList<T>();
        for (int i = random.nextInt(max + 1); i > 0; i--) items.add(item.get());
        return items;
    }
}
