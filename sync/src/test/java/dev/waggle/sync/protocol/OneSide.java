package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.TreeMap;

/// One side of one exchange, fed by hand, and what its peer and its log are made of.
abstract class OneSide {
    static final NodeId ME = Ed25519.signer(HandshakeTest.bytes(1)).node();
    static final NodeId PEER = Ed25519.signer(HandshakeTest.bytes(2)).node();
    static final SpaceId SPACE = SpaceId.of(HandshakeTest.bytes(5));
    static final ChainId CHAIN = new ChainId(ME, Epoch.of(new byte[16]));
    static final ChainId THEIRS = new ChainId(PEER, Epoch.of(new byte[16]));
    static final Event EVENT = Genesis.write(new Author(Ed25519.signer(HandshakeTest.bytes(2)), THEIRS.epoch()), "x", "table", Json.object(),
        HandshakeTest.bytes(9));

    static final Event OWN = Genesis.write(new Author(Ed25519.signer(HandshakeTest.bytes(1)), CHAIN.epoch()), "x", "table", Json.object(), HandshakeTest.bytes(9));

    final Exchange exchange = new Exchange(ME, PEER, SPACE, SyncSettings.defaults(), state(10), true, 0);
    long nowMs = 1_000;

    static Tip tip(ChainId chain, long seq) {
        return new Tip(chain, 0, seq, id(chain, seq), Hlc.ZERO);
    }

    static EventId id(ChainId chain, long seq) {
        return new EventId(Hex.of(dev.waggle.core.event.Sha256.of((chain.text() + seq).getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
    }

    static LogState state(long seq) {
        var members = new TreeMap<NodeId, Role>();
        members.put(ME, Role.OWNER);
        members.put(PEER, Role.WRITER);
        return new LogState(List.of(tip(CHAIN, seq)), seq, members, List.of(), 0);
    }

    Now now() {
        return new Now(nowMs, 1_700_000_000_000L + nowMs);
    }

    List<ExchangeStep> hear(Frame frame) {
        return exchange.received(frame, now());
    }

    static <T> List<T> of(List<ExchangeStep> out, Class<T> kind) {
        return out.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static <F extends Frame> List<F> sent(List<ExchangeStep> out, Class<F> kind) {
        return of(out, ExchangeStep.Send.class).stream().map(ExchangeStep.Send::frame).filter(kind::isInstance).map(kind::cast).toList();
    }

    static String violation(List<ExchangeStep> out) {
        return of(out, ExchangeStep.Violation.class).stream().map(ExchangeStep.Violation::code).findFirst().orElse("none");
    }

    static Frame.Have have(LogState state, Tip... youHave) {
        return new Frame.Have(SPACE, state.fingerprint(), 1, state.lastOffset(), List.of(youHave));
    }
}
