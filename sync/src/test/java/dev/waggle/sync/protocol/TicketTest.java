package dev.waggle.sync.protocol;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class TicketTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private final Ticket ticket = Ticket.issue(Ed25519.signer(HandshakeTest.bytes(1)), SpaceId.of(HandshakeTest.bytes(5)), "Tasks für alle",
        List.of("192.0.2.1:4455", "[2001:db8::1]:4455"), Role.WRITER, new byte[16], 2_000, Optional.empty());

    private static TicketProblem problem(String text) {
        return catchThrowableOfType(BadTicket.class, () -> Ticket.parse(text, VERIFIER)).problem();
    }

    @Test void a_ticket_survives_being_pasted_from_wrapped_lines() {
        var wrapped = ticket.text().replaceAll("(.{40})", "$1\n  ");
        var read = Ticket.parse(wrapped, VERIFIER);
        assertThat(read).isEqualTo(ticket);
        assertThat(read.addresses()).isEqualTo(ticket.addresses());
        assertThat(read.spaceName()).isEqualTo("Tasks für alle");
        assertThat(read.role()).isEqualTo(Role.WRITER);
    }

    @Test void a_ticket_cut_off_anywhere_says_so() {
        var text = ticket.text();
        for (int length = 1; length < text.length(); length++) assertThat(problem(text.substring(0, length))).as("%s", length).isEqualTo(TicketProblem.TRUNCATED);
    }

    @Test void one_wrong_character_anywhere_is_noticed() {
        var text = ticket.text();
        for (int i = Ticket.PREFIX.length(); i < text.length() - 1; i++) {
            var wrong = text.substring(0, i) + (text.charAt(i) == 'x' ? 'y' : 'x') + text.substring(i + 1);
            // In the first three characters, which hold the length, a typing error can look like a missing end.
            assertThat(problem(wrong)).as("at %s", i).isIn(i < Ticket.PREFIX.length() + 3
                ? List.of(TicketProblem.DAMAGED, TicketProblem.TRUNCATED) : List.of(TicketProblem.DAMAGED));
        }
        assertThat(problem(text + "AAAA")).isEqualTo(TicketProblem.DAMAGED);
        assertThat(problem(text.replaceFirst("[A-Z]", "!"))).isEqualTo(TicketProblem.DAMAGED);
    }

    @Test void other_text_is_no_ticket() {
        assertThat(problem("hello")).isEqualTo(TicketProblem.NOT_A_TICKET);
        assertThat(problem("")).isEqualTo(TicketProblem.NOT_A_TICKET);
        assertThat(problem("waggle1" + "A".repeat(100_000))).isEqualTo(TicketProblem.DAMAGED);
    }

    @Tag("A11") @Test void a_ticket_signed_by_somebody_else_is_forged() {
        var eve = Ed25519.signer(HandshakeTest.bytes(3));
        var forged = new Ticket(ticket.space(), "x", ticket.issuer(), ticket.addresses(), Role.OWNER, new byte[16], 2_000, Optional.empty(),
            ticket.bytes(), eve.sign(ticket.bytes()));
        assertThat(problem(forged.text())).isEqualTo(TicketProblem.FORGED);
    }

    @Test void it_says_when_it_is_too_late_or_for_another() {
        var bob = Ed25519.signer(HandshakeTest.bytes(2)).node();
        var eve = Ed25519.signer(HandshakeTest.bytes(3)).node();
        var personal = Ticket.issue(Ed25519.signer(HandshakeTest.bytes(1)), ticket.space(), "x", List.of(), Role.READER, new byte[16], 2_000, Optional.of(bob));
        assertThat(ticket.problemFor(eve, 2_000)).isEmpty();
        assertThat(ticket.problemFor(eve, 2_001)).contains(TicketProblem.EXPIRED);
        assertThat(personal.problemFor(bob, 1)).isEmpty();
        assertThat(personal.problemFor(eve, 1)).contains(TicketProblem.FOR_ANOTHER_NODE);
    }

    @Tag("W02") @Test void its_secret_is_never_printed() {
        assertThat(ticket.toString()).doesNotContain("0000000000");
    }
}
