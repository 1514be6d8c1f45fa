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
import dev.waggle.node.HostPort;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.RunFile;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Ticket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Text that people type, paste and save: tickets, addresses, settings. A ticket: as it is pasted, and with a checksum and a signature that are right around a statement that is not. It is a ticket that says the same when
/// it is written again, or a [BadTicket]; a key, a signature and a message of any bytes
/// have an answer; an address says the same when it is written again; settings are read or refused in words.
final class TextTarget implements Target {
    private static final Signer ISSUER = TestKeys.signer("issuer");
    private static final Ticket HONEST = Ticket.issue(ISSUER, new SpaceId("ab".repeat(32)), "tasks", List.of("192.0.2.1:4455"), Role.WRITER,
        new byte[Ticket.SECRET_BYTES], 2_000, Optional.empty());
    private final TestKeys keys = new TestKeys();
    private final Ed25519 real = new Ed25519();
    private final Path data;

    TextTarget() {
        try {
            data = Files.createTempDirectory("text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) throws IOException {
        var script = new Script(input);
        switch (script.below(6)) {
            case 0 -> parse(new String(script.rest(), StandardCharsets.UTF_8));
            case 1 -> parse(text(replaced(HONEST.bytes(), script), HONEST.signature()));
            case 2 -> {
                var statement = script.rest();
                parse(text(statement, ISSUER.sign(statement)));
            }
            case 3 -> verify(script);
            case 4 -> address(new String(script.rest(), StandardCharsets.UTF_8));
            default -> settings(script.rest());
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

    private static void address(String text) {
        try {
            var address = HostPort.parse(text);
            assertThat(HostPort.parse(address.text())).isEqualTo(address);
        } catch (Problem problem) {
            Json.of(problem.sentences());
        }
    }

    private void settings(byte[] file) throws IOException {
        Files.write(data.resolve("settings.json"), file);
        Files.write(data.resolve("run.json"), file);
        RunFile.read(data);
        try {
            NodeSettings.read(NodeSettings.Flags.NONE.withData(data), Map.of("WAGGLE_STATE", data.toString()));
        } catch (Problem problem) {
            assertThat(problem.remedy()).isNotBlank();
        }
    }

    private static String text(byte[] statement, byte[] signature) {
        var whole = ByteBuffer.allocate(2 + statement.length + signature.length + 4);
        whole.putShort((short) statement.length).put(statement).put(signature);
        whole.put(Arrays.copyOf(Sha256.of(Arrays.copyOf(whole.array(), whole.position())), 4));
        return Ticket.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
    }
}
