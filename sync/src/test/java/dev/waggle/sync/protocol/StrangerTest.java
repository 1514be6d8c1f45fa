package dev.waggle.sync.protocol;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Somebody with a key of its own who speaks the protocol, against a node with one space: what does it learn, and how far does it get?
class StrangerTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private static final Signer OWNER = Ed25519.signer(HandshakeTest.bytes(1));
    private static final Signer STRANGER = Ed25519.signer(HandshakeTest.bytes(3));
    private static final SpaceId UNKNOWN = SpaceId.of(HandshakeTest.bytes(77));

    private final Protocol protocol = new Protocol(OWNER, VERIFIER, SyncSettings.defaults(), List.of(), Remembered.nothing());
    private final Now now = new Now(1_000, 1_700_000_000_000L);
    private SpaceId space;
    private Handshake hand;

    @BeforeEach void a_proven_stranger_at_a_node_with_a_space() {
        var genesis = Genesis.write(new Author(OWNER, Epoch.of(new byte[16])), "secret", "table", Json.object(), HandshakeTest.bytes(9));
        var log = MemoryEventLog.create(genesis, VERIFIER, () -> Epoch.of(new byte[16]), now.wallMs());
        space = log.space();
        protocol.step(new Input.LogChanged(space, log.state()), now);
        protocol.step(new Input.Opened(1, false, Optional.empty(), Optional.empty(), "192.0.2.1:1", new byte[0], HandshakeTest.bytes(20)), now);
        hand = new Handshake(STRANGER, VERIFIER, List.of(),
            new Input.Opened(9, true, Optional.empty(), Optional.empty(), "x", new byte[0], HandshakeTest.bytes(21)), 0);
        var hello = ((Handshake.Out.Send) hand.open().getFirst()).frame();
        var proofs = new ArrayList<Frame>();
        for (var frame : sent(protocol.step(new Input.Received(1, hello), now)))
            for (var out : hand.received(frame)) if (out instanceof Handshake.Out.Send(var proof)) proofs.add(proof);
        for (var proof : proofs) assertThat(sent(protocol.step(new Input.Received(1, proof), now))).hasSize(1);
    }

    private static List<Frame> sent(List<Effect> effects) {
        return effects.stream().filter(Effect.Send.class::isInstance).map(effect -> ((Effect.Send) effect).frame()).toList();
    }

    private List<Effect> say(Frame frame) {
        return protocol.step(new Input.Received(1, frame), now);
    }

    private static String closed(List<Effect> effects) {
        return effects.stream().filter(Effect.Close.class::isInstance).map(effect -> ((Effect.Close) effect).code()).findFirst().orElse("open");
    }

    @Tag("lesson-fabricated-tip") @Tag("lesson-token-for-the-name") @Test void every_question_about_a_space_has_the_same_answer_whether_it_exists_or_not() {
        for (var ask : List.<java.util.function.Function<SpaceId, Frame>>of(
            each -> new Frame.Have(each, new byte[32], 0, 0, List.of()),
            each -> new Frame.Tips(each, List.of(), false),
            each -> new Frame.Want(each, List.of(), List.of()),
            each -> new Frame.Events(each, List.of(), 1),
            each -> new Frame.Ack(each, 1, 0, 0, 0, 0, 0, 0),
            each -> new Frame.Chunks(each, List.of()))) {
            assertThat(say(ask.apply(space))).isEqualTo(say(ask.apply(UNKNOWN)));
        }
    }

    @Tag("lesson-list-of-everything") @Test void naming_a_space_by_its_hash_shows_nothing() {
        for (var each : List.of(space, UNKNOWN)) {
            var answers = sent(say(new Frame.Spaces(List.of(Membership.keyedHash(each, hand.initiatorNonce(), hand.responderNonce())))));
            assertThat(answers).hasSize(1);
            assertThat(((Frame.SharedSpaces) answers.getFirst()).keyedHashes()).isEmpty();
        }
    }

    @Tag("A11") @Tag("lesson-token-for-the-name") @Test void a_forged_ticket_has_one_answer_whatever_it_names() {
        var answers = new ArrayList<List<Frame>>();
        for (var each : List.of(space, UNKNOWN)) {
            var ticket = Ticket.issue(STRANGER, each, "x", List.of(), Role.OWNER, new byte[16], Long.MAX_VALUE >> 12, Optional.empty());
            answers.add(sent(say(new Frame.Redeem(ticket.bytes(), ticket.signature()))));
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1)).containsExactly(
            new Frame.Refused(TicketProblem.UNKNOWN.code(), TicketProblem.UNKNOWN.sentence()));
        assertThat(sent(say(new Frame.Redeem(new byte[] {1, 2, 3}, new byte[64])))).isEqualTo(answers.get(0));
        assertThat(closed(say(new Frame.Redeem(new byte[0], new byte[0])))).as("three tries").isEqualTo("too_many_tickets");
    }

    /// Keys cost nothing: with some of them anybody could say what time it is.
    @Tag("T02") @Test void strangers_say_nothing_about_the_time_however_many_they_are() {
        for (int i = 0; i < 3; i++) {
            int connection = 10 + i;
            var signer = Ed25519.signer(HandshakeTest.bytes(40 + i));
            protocol.step(new Input.Opened(connection, false, Optional.empty(), Optional.empty(), "192.0.2.1:" + connection, new byte[0], HandshakeTest.bytes(50 + i)), now);
            var other = new Handshake(signer, VERIFIER, List.of(), new Input.Opened(9, true, Optional.empty(), Optional.empty(), "x", new byte[0], HandshakeTest.bytes(60 + i)),
                now.wallMs() + 365L * 86_400_000);
            var frames = new ArrayList<>(List.of(((Handshake.Out.Send) other.open().getFirst()).frame()));
            var effects = new ArrayList<Effect>();
            while (!frames.isEmpty()) {
                var answered = protocol.step(new Input.Received(connection, frames.removeFirst()), now);
                effects.addAll(answered);
                for (var frame : sent(answered))
                    if (frame instanceof Frame.Hello || frame instanceof Frame.Proof)
                        for (var out : other.received(frame)) if (out instanceof Handshake.Out.Send(var next)) frames.add(next);
            }
            effects.addAll(protocol.step(new Input.Received(connection, new Frame.Ping(now.wallMs() + 365L * 86_400_000)), now));
            assertThat(effects).as("it proved itself").anyMatch(effect -> effect instanceof Effect.Tell(Notice.PeerUp(var peer, var _)) && peer.equals(signer.node()));
            assertThat(effects).noneMatch(effect -> effect instanceof Effect.Tell(Notice.ClockJudged _));
        }
        assertThat(protocol.status(now).clockRed()).isFalse();
    }

    @Test void one_who_keeps_asking_is_hung_up_on() {
        var last = List.<Effect>of();
        for (int i = 0; i < 101; i++) last = say(new Frame.Have(UNKNOWN, new byte[32], 0, 0, List.of()));
        assertThat(closed(last)).isEqualTo("too_many_questions");
        assertThat(say(new Frame.Ping(1))).as("and heard no more").isEmpty();
    }

    @Test void one_who_shares_nothing_is_not_kept() {
        assertThat(closed(protocol.step(new Input.Rang(new Alarm.StrangerLimit(1), 0), now))).isEqualTo("nothing_shared");
    }

    @Tag("P02") @Test void one_who_does_not_prove_itself_in_time_is_hung_up_on() {
        protocol.step(new Input.Opened(2, false, Optional.empty(), Optional.empty(), "x", new byte[0], HandshakeTest.bytes(30)), now);
        assertThat(closed(protocol.step(new Input.Rang(new Alarm.HandshakeLimit(2), 0), now))).isEqualTo("handshake_timeout");
        assertThat(closed(protocol.step(new Input.Rang(new Alarm.HandshakeLimit(1), 0), now))).isEqualTo("open");
    }

    @Tag("P02") @Test void connections_are_limited() {
        var closed = "open";
        for (int i = 10; i < 10 + 512; i++)
            closed = closed(protocol.step(new Input.Opened(i, false, Optional.empty(), Optional.empty(), "x", new byte[0], HandshakeTest.bytes(30)), now));
        assertThat(closed).isEqualTo("busy");
    }

    @Test void a_welcome_that_nobody_asked_for_opens_nothing() {
        var effects = say(new Frame.Welcome(UNKNOWN));
        assertThat(closed(effects)).isEqualTo("unexpected_welcome");
        assertThat(effects).noneMatch(Effect.OpenSpace.class::isInstance);
    }
}
