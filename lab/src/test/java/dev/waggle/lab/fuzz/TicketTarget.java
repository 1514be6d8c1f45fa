package dev.waggle.lab.fuzz;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Ticket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Ticket text: as it is pasted, and with a checksum and a signature that are right around a statement that is not. It is a ticket that says the same when
/// it is written again, or a [BadTicket]; a key, a signature and a message of any bytes have an answer.
final class TicketTarget implements Target {
    private static final Signer ISSUER = TestKeys.signer("issuer");
    private static final Ticket HONEST = Ticket.issue(ISSUER, new SpaceId("ab".repeat(32)), "tasks", List.of("192.0.2.1:4455"), Role.WRITER,
        new byte[Ticket.SECRET_BYTES], 2_000, Optional.empty());
    private final TestKeys keys = new TestKeys();
    private final Ed25519 real = new Ed25519();

    @Override public void run(byte[] input) {
        var script = new Script(input);
        switch (script.below(4)) {
            case 0 -> parse(new String(script.rest(), StandardCharsets.UTF_8));
            case 1 -> parse(text(replaced(HONEST.bytes(), script), HONEST.signature()));
            case 2 -> {
                var statement = script.rest();
                parse(text(statement, ISSUER.sign(statement)));
            }
            default -> verify(script);
        }
    }

    /// Bytes of `whole` replaced from somewhere on, and signed by nobody or by the issuer.
    private static byte[] replaced(byte[] whole, Script script) {
        int from = Math.min(whole.length, script.octet() * 2);
        var more = script.rest();
        var out = Arrays.copyOf(whole, Math.max(whole.length, from + more.length));
        System.arraycopy(more, 0, out, from, more.length);
        return out;
    }

    private void parse(String text) {
        Ticket ticket;
        try {
            ticket = Ticket.parse(text, keys);
        } catch (BadTicket _) {
            return;
        }
        assertThat(Ticket.parse(ticket.text(), keys)).isEqualTo(ticket);
        assertThat(ticket.text()).startsWith(Ticket.PREFIX);
        assertThat(ticket.toString()).doesNotContain(Hex.of(ticket.secret()));
        ticket.problemFor(ISSUER.node(), 1_000);
        Json.of(ticket.spaceName());
        assertThat(ticket.fingerprint()).hasSize(64);
        assertThat(dev.waggle.core.event.Canonical.isUnicode(ticket.spaceName())).isTrue();
    }

    private void verify(Script script) {
        var key = NodeId.of(Arrays.copyOf(script.bytes(32), 32));
        var signature = script.bytes(64);
        real.isValidKey(key);
        assertThat(real.verify(key, script.rest(), signature)).as("a signature that nobody made").isFalse();
    }

    private static String text(byte[] statement, byte[] signature) {
        var whole = ByteBuffer.allocate(2 + statement.length + signature.length + 4);
        whole.putShort((short) statement.length).put(statement).put(signature);
        whole.put(Arrays.copyOf(Sha256.of(Arrays.copyOf(whole.array(), whole.position())), 4));
        return Ticket.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
    }
}
