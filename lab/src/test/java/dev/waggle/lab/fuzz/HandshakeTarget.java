package dev.waggle.lab.fuzz;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Alarm;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Now;
import dev.waggle.sync.protocol.Protocol;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.Ticket;
import dev.waggle.sync.protocol.TicketProblem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// Two nodes' protocols over one connection on which a script forwards, changes, repeats, drops and invents frames, rings alarms and lets stores fail.
///
/// No step throws; one input makes few effects; what is sent can be written; a peer without a space asks a node that has one and a node that has none,
/// and hears the same bytes from both.
final class HandshakeTarget implements Target {
    private static final Signer OWNER = TestKeys.signer("owner");
    private static final Signer PEER = TestKeys.signer("writer");
    private static final long WALL_MS = TestSpace.NOW;
    private static final int STEPS_MAX = 150;
    private static final int EFFECTS_MAX = 64;

    @Override public void run(byte[] input) {
        var script = new Script(input);
        boolean member = script.flag();
        var space = space(member);
        var asked = new Side(OWNER, Optional.of(space), script);
        if (member) {
            var known = new MemoryEventLog(space.space(), new TestKeys(), () -> TestSpace.epoch("peer"));
            known.append(events(space), WALL_MS);
            new Talk(asked, Optional.empty(), new Side(PEER, Optional.of(known), script), script, space.space()).run();
        } else {
            new Talk(asked, Optional.of(new Side(OWNER, Optional.empty(), script)), new Side(PEER, Optional.empty(), script), script, space.space()).run();
        }
    }

    private static List<dev.waggle.core.event.Event> events(EventLog log) {
        return log.readMissing(List.of(), 0, 100, 1 << 20).events();
    }

    private static MemoryEventLog space(boolean withPeer) {
        var author = new Author(OWNER, TestSpace.epoch("owner"));
        var log = MemoryEventLog.create(Genesis.write(author, "secret", "table", Json.object(), new byte[32]), new TestKeys(), () -> TestSpace.epoch("fresh"), WALL_MS);
        var drafts = new ArrayList<Draft>();
        if (withPeer) drafts.add(new Draft(ControlType.MEMBER_ADDED, Json.object("subject", PEER.node().hex(), "role", Role.WRITER.wire())));
        drafts.add(new Draft("note_added", Json.object("text", "one")));
        log.write(author, drafts, List.of(), Map.of(), WALL_MS);
        return log;
    }

    /// One node: its protocol, its log, what it wants of the world.
    private static final class Side {
        final Protocol protocol;
        final Optional<EventLog> log;
        final Script script;
        final ArrayDeque<Frame> sent = new ArrayDeque<>();
        final List<Alarm> alarms = new ArrayList<>();
        final ArrayDeque<Input> answers = new ArrayDeque<>();
        boolean closed;

        Side(Signer signer, Optional<EventLog> log, Script script) {
            this.protocol = new Protocol(signer, new TestKeys(), SyncSettings.defaults(), List.of("zstd"), Remembered.nothing());
            this.log = log;
            this.script = script;
        }

        void step(Input input, Now now) {
            var effects = protocol.step(input, now);
            assertThat(effects.size()).as("effects of %s", input).isLessThan(EFFECTS_MAX);
            for (var effect : effects) carry(effect);
            if (alarms.size() > EFFECTS_MAX) alarms.subList(0, alarms.size() - EFFECTS_MAX).clear();
        }

        private void carry(Effect effect) {
            switch (effect) {
                case Effect.Send(var connection, var frame) -> {
                    if (connection == 1) sent.add(frame);
                    assertThat(FrameCodec.encode(frame).length).isLessThanOrEqualTo(Frame.FRAME_BYTES_MAX);
                }
                case Effect.Close(var connection, _, var message) -> {
                    assertThat(message).isNotNull();
                    if (connection == 1) closed = true;
                }
                case Effect.SetAlarm(var alarm, _) -> alarms.add(alarm);
                default -> StoreAnswers.to(effect, log, WALL_MS).ifPresent(answers::add);
            }
        }
    }

    private record Talk(Side asked, Optional<Side> without, Side peer, Script script, SpaceId space) {
        void run() {
            var now = now(0);
            both(new Input.Started(), now);
            peer.step(new Input.Started(), now);
            asked.log.ifPresent(log -> asked.step(new Input.LogChanged(log.space(), log.state()), now));
            peer.log.ifPresent(log -> peer.step(new Input.LogChanged(log.space(), log.state()), now));
            both(opened(false), now);
            peer.step(opened(true), now);
            long ms = 0;
            for (int steps = 0; !script.ended() && steps < STEPS_MAX && !asked.closed; steps++) {
                if (script.rarely(8)) ms += script.octet() * 500L;
                act(now(ms));
                without.ifPresent(this::same);
            }
            both(new Input.Closed(1, "over", 7), now(ms));
            assertThat(asked.protocol.status(now(ms)).connections()).isZero();
        }

        private static Now now(long ms) {
            return new Now(1_000 + ms, WALL_MS + ms);
        }

        private static Input opened(boolean initiator) {
            return new Input.Opened(1, initiator, initiator ? Optional.of(OWNER.node()) : Optional.empty(), Optional.empty(), "192.0.2.1:4711", new byte[] {7},
                Sha256.of(new byte[] {(byte) (initiator ? 1 : 2)}));
        }

        private void both(Input input, Now now) {
            asked.step(input, now);
            without.ifPresent(side -> side.step(input, now));
        }

        /// What a stranger hears must not depend on what is there.
        private void same(Side other) {
            assertThat(asked.sent.stream().map(HandshakeTarget::text).toList()).as("what a stranger hears").isEqualTo(other.sent.stream().map(HandshakeTarget::text).toList());
            assertThat(asked.closed).isEqualTo(other.closed);
        }

        private void act(Now now) {
            switch (script.below(10)) {
                case 0, 1, 2 -> forward(now);
                case 3 -> both(new Input.Received(1, frame()), now);
                case 4 -> {
                    if (!peer.closed) peer.step(new Input.Received(1, frame()), now);
                }
                case 5 -> {
                    if (!peer.sent.isEmpty()) both(new Input.Received(1, changed(peer.sent.peek())), now);
                }
                case 6 -> {
                    if (!asked.alarms.isEmpty()) both(new Input.Rang(script.of(asked.alarms), 7), now);
                }
                case 7 -> both(new Input.Congested(1, script.flag()), now);
                case 8 -> {
                    if (!peer.alarms.isEmpty() && !peer.closed) peer.step(new Input.Rang(script.of(peer.alarms), 7), now);
                }
                default -> {
                    answer(asked, now);
                    answer(peer, now);
                }
            }
        }

        /// What both have said reaches the other.
        private void forward(Now now) {
            for (int i = script.below(3); i >= 0 && !peer.sent.isEmpty(); i--) both(new Input.Received(1, peer.sent.poll()), now);
            for (int i = script.below(3); i >= 0 && !asked.sent.isEmpty() && !peer.closed; i--) {
                without.ifPresent(side -> side.sent.poll());
                peer.step(new Input.Received(1, asked.sent.poll()), now);
            }
        }

        private void answer(Side side, Now now) {
            for (int i = script.below(4); i >= 0 && !side.answers.isEmpty(); i--) {
                var answer = side.answers.poll();
                side.step(script.rarely(9) ? new Input.StoreFailed(1, space, "read", "the disk is full") : answer, now);
            }
            side.log.ifPresent(log -> side.step(new Input.LogChanged(log.space(), log.state()), now));
        }

        /// The bytes of a frame with some of them changed, when that is a frame.
        private Frame changed(Frame frame) {
            var bytes = FrameCodec.encode(frame).clone();
            int changes = 1 + script.below(3);
            for (int i = 0; i < changes; i++) bytes[(script.octet() << 8 | script.octet()) % bytes.length] = (byte) script.octet();
            try {
                return FrameCodec.decode(bytes, Frame.FRAME_BYTES_MAX);
            } catch (MalformedPayload _) {
                return frame;
            }
        }

        private Frame frame() {
            var which = script.rarely(3) ? SpaceId.of(new byte[32]) : space;
            var chain = new ChainId(script.of(OWNER, PEER).node(), TestSpace.epoch("owner"));
            return switch (script.below(18)) {
                case 0 -> new Frame.Hello(List.of(1), List.of("zstd"), script.of(PEER, OWNER).node(), Sha256.of(new byte[] {(byte) script.below(4)}), script.number() & Hlc.WALL_MS_MAX);
                case 1 -> new Frame.Proof(Arrays.copyOf(script.bytes(64), 64));
                case 2 -> {
                    var ticket = Ticket.issue(script.of(PEER, OWNER), which, "x", List.of(), script.of(Role.values()), new byte[16], WALL_MS + script.octet() * 1_000L - 9_000,
                        script.flag() ? Optional.empty() : Optional.of(script.of(PEER, OWNER).node()));
                    yield without.isPresent() && ticket.issuer().equals(OWNER.node()) ? new Frame.Ping(1) : new Frame.Redeem(ticket.bytes(), ticket.signature());
                }
                case 3 -> new Frame.Redeem(script.bytes(script.octet()), Arrays.copyOf(script.bytes(64), 64));
                case 4 -> new Frame.Welcome(which);
                case 5 -> new Frame.Refused(script.of(TicketProblem.values()).code(), "no");
                case 6 -> new Frame.Addresses(List.of(new String(script.bytes(script.below(40)), StandardCharsets.ISO_8859_1), "192.0.2.1:4711"));
                case 7 -> script.flag() ? new Frame.Spaces(hashes()) : new Frame.SharedSpaces(hashes());
                case 8 -> new Frame.Have(which, Arrays.copyOf(script.bytes(2), 32), script.octet(), script.octet(), tips(chain));
                case 9 -> new Frame.Tips(which, tips(chain), script.flag());
                case 10 -> new Frame.Events(which, events(), script.octet());
                case 11 -> new Frame.Chunks(which, List.of(Chunk.of(script.bytes(script.below(9)))));
                case 12 -> new Frame.Ack(which, script.octet(), script.octet(), script.octet(), script.octet(), script.octet(), script.octet(), script.octet());
                case 13 -> new Frame.Want(which, IntStream.range(0, script.octet()).mapToObj(i -> id(chain, i)).toList(), List.of());
                case 14 -> new Frame.Probe(which, chain, IntStream.range(0, script.below(33)).mapToObj(i -> (long) i).toList());
                case 15 -> {
                    int count = script.below(33);
                    yield new Frame.Places(which, chain, IntStream.range(0, count).mapToObj(i -> (long) i).toList(),
                        IntStream.range(0, count).mapToObj(i -> script.flag() ? List.of(id(chain, i)) : List.<EventId>of()).toList());
                }
                case 16 -> script.flag() ? new Frame.Ping(script.number()) : new Frame.Pong(script.number());
                default -> script.rarely(6) ? new Frame.Bye("bye", Optional.empty()) : new Frame.Ping(3);
            };
        }

        private List<dev.waggle.core.event.Event> events() {
            return asked.log.map(HandshakeTarget::events).orElse(List.of()).stream().filter(_ -> script.flag()).toList();
        }

        private List<byte[]> hashes() {
            return IntStream.range(0, script.octet() * 4).mapToObj(i -> Sha256.of(new byte[] {(byte) i})).toList();
        }

        private List<Tip> tips(ChainId chain) {
            return IntStream.range(0, script.below(5)).mapToObj(i -> new Tip(chain, 0, 1 + script.octet(), id(chain, i), Hlc.ZERO)).toList();
        }

        private EventId id(ChainId chain, int index) {
            var known = asked.log.map(HandshakeTarget::events).orElse(List.of());
            return script.flag() && !known.isEmpty() ? known.get(index % known.size()).id() : EventId.of(Sha256.of(new byte[] {(byte) index}));
        }
    }

    private static String text(Frame frame) {
        return HexFormat.of().formatHex(FrameCodec.encode(frame));
    }
}
