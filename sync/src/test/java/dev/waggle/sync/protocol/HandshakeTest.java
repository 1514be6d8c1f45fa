package dev.waggle.sync.protocol;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("A10") class HandshakeTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private static final Signer ALICE = Ed25519.signer(bytes(1));
    private static final Signer BOB = Ed25519.signer(bytes(2));
    private static final Signer EVE = Ed25519.signer(bytes(3));

    static byte[] bytes(int value) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Handshake end(Signer signer, boolean initiator, NodeId expected, byte[] nonce, byte[] binding, String... features) {
        var opened = new Input.Opened(1, initiator, Optional.ofNullable(expected), Optional.empty(), "127.0.0.1:1", binding, nonce);
        return new Handshake(signer, VERIFIER, List.of(features), opened, 1_000);
    }

    private static Handshake alice(byte[] binding, String... features) {
        return end(ALICE, true, BOB.node(), bytes(10), binding, features);
    }

    private static Handshake bob(byte[] binding, String... features) {
        return end(BOB, false, null, bytes(20), binding, features);
    }

    private static List<Frame> frames(List<Handshake.Out> steps) {
        return steps.stream().filter(Handshake.Out.Send.class::isInstance).map(step -> ((Handshake.Out.Send) step).frame()).toList();
    }

    private static String code(List<Handshake.Out> steps) {
        return steps.getLast() instanceof Handshake.Out.Failed(var code, var _) ? code : "none";
    }

    /// Carries frames between the two until nobody says anything; answers the last step of each.
    private static List<Handshake.Out> talk(Handshake alice, Handshake bob) {
        var last = new ArrayList<Handshake.Out>(List.of(new Handshake.Out.Failed("silent", ""), new Handshake.Out.Failed("silent", "")));
        var toBob = new ArrayList<>(frames(alice.open()));
        var toAlice = new ArrayList<Frame>();
        while (!toBob.isEmpty() || !toAlice.isEmpty()) {
            boolean forBob = !toBob.isEmpty();
            var steps = forBob ? bob.received(toBob.removeFirst()) : alice.received(toAlice.removeFirst());
            (forBob ? toAlice : toBob).addAll(frames(steps));
            if (!(steps.isEmpty() || steps.getLast() instanceof Handshake.Out.Send)) last.set(forBob ? 1 : 0, steps.getLast());
            if (!steps.isEmpty() && steps.getLast() instanceof Handshake.Out.Failed) break;
        }
        return last;
    }

    @Test void two_honest_ends_prove_themselves_and_choose_what_both_offer() {
        var last = talk(alice(bytes(7), "zstd", "b"), bob(bytes(7), "a", "b", "zstd"));
        assertThat(last.get(0)).isEqualTo(new Handshake.Out.Proved(BOB.node(), 1, List.of("b", "zstd"), 1_000));
        assertThat(last.get(1)).isEqualTo(new Handshake.Out.Proved(ALICE.node(), 1, List.of("b", "zstd"), 1_000));
    }

    @Test void whoever_accepts_says_nothing_first() {
        assertThat(bob(bytes(7)).open()).isEmpty();
    }

    @Test void a_proof_relayed_through_another_channel_is_refused() {
        assertThat(code(List.of(talk(alice(bytes(7)), bob(bytes(8))).get(1)))).isEqualTo("bad_proof");
        var alice = alice(bytes(7));
        var answers = frames(bob(bytes(8)).received(frames(alice.open()).getFirst()));
        alice.received(answers.get(0));
        assertThat(code(alice.received(answers.get(1)))).isEqualTo("bad_proof");
    }

    @Test void another_node_than_the_one_dialled_is_refused() {
        var alice = end(ALICE, true, EVE.node(), bytes(10), bytes(7));
        assertThat(code(List.of(talk(alice, bob(bytes(7))).get(0)))).isEqualTo("wrong_node");
    }

    @Test void a_hello_that_is_not_of_the_channels_certificate_is_refused() {
        var opened = new Input.Opened(1, true, Optional.empty(), Optional.of(EVE.node()), "127.0.0.1:1", bytes(7), bytes(10));
        var alice = new Handshake(ALICE, VERIFIER, List.of(), opened, 1_000);
        assertThat(code(List.of(talk(alice, bob(bytes(7))).get(0)))).isEqualTo("wrong_node");
    }

    @Tag("P06") @Test void a_recorded_proof_is_worth_nothing_on_another_connection() {
        var bob = bob(bytes(7));
        var recorded = frames(bob.received(frames(alice(bytes(7)).open()).getFirst()));
        var later = end(ALICE, true, BOB.node(), bytes(11), bytes(7));
        later.open();
        later.received(recorded.get(0));
        assertThat(code(later.received(recorded.get(1)))).isEqualTo("bad_proof");
    }

    @Test void a_claimed_id_without_its_key_is_refused() {
        var alice = alice(bytes(7));
        alice.open();
        var eve = end(EVE, false, null, bytes(20), bytes(7));
        var answers = frames(eve.received(frames(alice.open()).getFirst()));
        var hello = (Frame.Hello) answers.get(0);
        alice.received(new Frame.Hello(hello.versions(), hello.features(), BOB.node(), hello.nonce(), hello.wallMs()));
        assertThat(code(alice.received(answers.get(1)))).isEqualTo("bad_proof");
    }

    @Test void what_we_said_reflected_is_refused() {
        var alice = end(ALICE, true, null, bytes(10), bytes(7));
        var own = frames(alice.open()).getFirst();
        assertThat(code(alice.received(own))).isEqualTo("self");
        var second = end(ALICE, true, null, bytes(10), bytes(7));
        var hello = (Frame.Hello) own;
        assertThat(code(second.received(new Frame.Hello(hello.versions(), hello.features(), BOB.node(), hello.nonce(), 1)))).isEqualTo("reflected");
    }

    @Tag("A04") @Test void an_initiators_proof_is_no_responders_proof() {
        // Eve answers Alice's dial with a proof that Bob made as an initiator of the same pair of nonces.
        var alice = alice(bytes(7));
        var hello = (Frame.Hello) frames(alice.open()).getFirst();
        var bobAsInitiator = end(BOB, true, ALICE.node(), bytes(20), bytes(7));
        var bobHello = (Frame.Hello) frames(bobAsInitiator.open()).getFirst();
        var proof = frames(bobAsInitiator.received(hello)).getFirst();
        alice.received(bobHello);
        assertThat(code(alice.received(proof))).isEqualTo("bad_proof");
    }

    @Test void offers_cannot_be_taken_away_on_the_way() {
        var alice = alice(bytes(7), "zstd");
        var bob = bob(bytes(7), "zstd");
        var hello = (Frame.Hello) frames(alice.open()).getFirst();
        var stripped = new Frame.Hello(hello.versions(), List.of(), hello.node(), hello.nonce(), hello.wallMs());
        var answers = frames(bob.received(stripped));
        alice.received(answers.get(0));
        assertThat(code(alice.received(answers.get(1)))).isEqualTo("bad_proof");
    }

    @Test void a_node_without_a_common_version_is_refused() {
        var hello = new Frame.Hello(List.of(9), List.of(), ALICE.node(), bytes(10), 1);
        assertThat(code(bob(bytes(7)).received(hello))).isEqualTo("version");
    }

    @Test void a_malformed_hello_is_refused() {
        for (var hello : List.of(
            new Frame.Hello(List.of(1), List.of(), ALICE.node(), new byte[31], 1),
            new Frame.Hello(List.of(1), List.of("f".repeat(65)), ALICE.node(), bytes(10), 1),
            new Frame.Hello(java.util.Collections.nCopies(17, 1), List.of(), ALICE.node(), bytes(10), 1),
            new Frame.Hello(List.of(1), List.of(), ALICE.node(), bytes(10), -1),
            new Frame.Hello(List.of(1), List.of(), ALICE.node(), bytes(10), Long.MAX_VALUE)))
            assertThat(code(bob(bytes(7)).received(hello))).isEqualTo("bad_hello");
    }

    @Test void anything_else_than_hello_and_proof_ends_it() {
        assertThat(code(bob(bytes(7)).received(new Frame.Ping(1)))).isEqualTo("unexpected_frame");
        assertThat(code(bob(bytes(7)).received(new Frame.Proof(new byte[64])))).isEqualTo("unexpected_frame");
    }
}
