package dev.waggle.node.account;

import dev.waggle.core.event.Ed25519;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GreetingTest {
    private final Ed25519 verifier = new Ed25519();

    @Test void a_proof_sent_back_to_its_maker_is_none() {
        var signer = RawNode.signer(1);
        var oneself = new Greeting(signer.node(), signer.node(), "aa".repeat(32), RawNode.NONCE, "anna", "");
        var proof = oneself.sign(Greeting.Role.NODE, signer);
        assertThat(oneself.isSigned(Greeting.Role.NODE, proof, verifier)).isTrue();
        assertThat(oneself.isSigned(Greeting.Role.HUB, proof, verifier)).isFalse();
    }

    @Test void every_member_is_signed() {
        var node = RawNode.signer(1);
        var hub = RawNode.signer(2).node();
        var greeting = new Greeting(hub, node.node(), "aa".repeat(32), RawNode.NONCE, "anna", "https://anna.example");
        var proof = greeting.sign(Greeting.Role.NODE, node);
        for (var other : new Greeting[] {new Greeting(RawNode.signer(3).node(), node.node(), "aa".repeat(32), RawNode.NONCE, "anna", "https://anna.example"),
            new Greeting(hub, node.node(), "ac".repeat(32), RawNode.NONCE, "anna", "https://anna.example"), new Greeting(hub, node.node(), "aa".repeat(32), "ad".repeat(32), "anna", "https://anna.example"),
            new Greeting(hub, node.node(), "aa".repeat(32), RawNode.NONCE, "bert", "https://anna.example"), new Greeting(hub, node.node(), "aa".repeat(32), RawNode.NONCE, "anna", "")})
            assertThat(other.isSigned(Greeting.Role.NODE, proof, verifier)).isFalse();
        assertThat(greeting.isSigned(Greeting.Role.NODE, "not a signature", verifier)).isFalse();
    }
}
