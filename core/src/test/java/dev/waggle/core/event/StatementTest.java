package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.time.Hlc;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A signature made for one purpose means nothing for another.
class StatementTest {
    private final Signer signer = Ed25519.signer(Sha256.of("statement test".getBytes(StandardCharsets.UTF_8)));
    private final Verifier verifier = new Ed25519();
    private final Statement ticket = Statement.sign("waggle-ticket/1", Json.object("secret", "s"), signer);

    @Test void a_statement_is_read_back_as_it_was_signed() {
        assertThat(new String(ticket.bytes(), StandardCharsets.UTF_8)).isEqualTo("{\"$\":{\"is\":\"waggle-ticket/1\"},\"secret\":\"s\"}");
        var read = Statement.read("waggle-ticket/1", ticket.bytes(), ticket.signature(), signer.node(), verifier);
        assertThat(read.body()).isEqualTo(ticket.body());
        assertThat(read.is()).isEqualTo("waggle-ticket/1");
    }

    @Tag("A04") @Test void a_ticket_is_no_hello_and_no_event() {
        assertRefused("waggle-hello/1", ticket, "expected waggle-hello/1");
        assertThatThrownBy(() -> Event.read(ticket.bytes(), ticket.signature())).isInstanceOf(MalformedPayload.class).hasMessageContaining("unknown format");
    }

    @Tag("A04") @Test void an_event_is_no_statement() {
        var event = Event.write(new Envelope(Optional.empty(), new ChainId(signer.node(), new Epoch("ee".repeat(16))), 1, Optional.empty(), List.of(),
            List.of(), new Hlc(1, 0), "genesis"), Json.object("secret", "s")).signed(signer);
        assertThatThrownBy(() -> Statement.read("waggle-ticket/1", event.payload(), event.signature().orElseThrow(), signer.node(), verifier))
            .isInstanceOf(MalformedPayload.class).hasMessageContaining("expected waggle-ticket/1");
        assertThatThrownBy(() -> Statement.sign(Envelope.FORMAT, Json.object(), signer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void what_says_more_about_itself_than_its_kind_is_another_kind() {
        for (var mark : List.of(Json.object("is", "waggle-ticket/1", "also", "waggle-hello/1"), Json.object("kind", "waggle-ticket/1"), Json.object())) {
            var bytes = Canonical.bytes(Json.object("$", mark, "secret", "s"));
            assertThatThrownBy(() -> Statement.read("waggle-ticket/1", bytes, signer.sign(bytes), signer.node(), verifier))
                .isInstanceOf(MalformedPayload.class).hasMessageContaining("expected waggle-ticket/1");
        }
    }

    @Tag("A04") @Test void the_mark_cannot_be_chosen_by_whoever_fills_in_the_members() {
        assertThatThrownBy(() -> Statement.sign("waggle-ticket/1", Json.object("$", Json.object("is", "waggle-hello/1")), signer))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("reserved");
    }

    @Test void a_changed_statement_another_signer_and_another_spelling_are_refused() {
        var other = Ed25519.signer(new byte[32]);
        assertThatThrownBy(() -> Statement.read("waggle-ticket/1", ticket.bytes(), ticket.signature(), other.node(), verifier))
            .isInstanceOf(MalformedPayload.class).hasMessageContaining("not signed by");
        var changed = new String(ticket.bytes(), StandardCharsets.UTF_8).replace("\"s\"", "\"t\"").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Statement.read("waggle-ticket/1", changed, ticket.signature(), signer.node(), verifier))
            .isInstanceOf(MalformedPayload.class).hasMessageContaining("not signed by");
        var spaced = new String(ticket.bytes(), StandardCharsets.UTF_8).replace(":{", ": {").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Statement.read("waggle-ticket/1", spaced, signer.sign(spaced), signer.node(), verifier))
            .isInstanceOf(MalformedPayload.class).hasMessageContaining("canonical");
    }

    private void assertRefused(String is, Statement statement, String why) {
        assertThatThrownBy(() -> Statement.read(is, statement.bytes(), statement.signature(), signer.node(), verifier))
            .isInstanceOf(MalformedPayload.class).hasMessageContaining(why);
    }
}
