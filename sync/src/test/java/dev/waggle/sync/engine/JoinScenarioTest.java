package dev.waggle.sync.engine;

import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Role;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.Ticket;
import dev.waggle.sync.protocol.TicketProblem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// How nodes are let into spaces, and which tickets do not let them in.
class JoinScenarioTest extends TwoNodes {
    private static void assertProblem(CompletableFuture<?> answer, TicketProblem problem) {
        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(() -> answer.getNow(null)).cause()
            .isInstanceOfSatisfying(BadTicket.class, bad -> assertThat(bad.problem()).isEqualTo(problem));
    }

    @Test void a_log_that_cannot_be_made_when_a_ticket_is_accepted_is_made_when_there_is_space() {
        b.diskFull = true;
        b.join(a.ticket(space, 3_600_000, Optional.empty()));
        net.run(10_000);
        assertThat(b.heard(Notice.TroubleHere.class)).extracting(Notice.TroubleHere::what).contains("open");
        b.diskFull = false;
        net.run(60_000);
        assertEqual(a, b);
    }

    @Test void a_log_that_cannot_be_made_is_made_on_the_connection_that_is_there() {
        joined(b);
        b.diskFull = true;
        var joined = b.join(a.ticket(a.create("another"), 3_600_000, Optional.empty()));
        net.run(10_000);
        assertThat(joined).isNotDone();
        b.diskFull = false;
        net.run(60_000);
        assertThat(joined).isCompleted();
        assertThat(b.heard(Notice.PeerDown.class)).isEmpty();
    }

    /// It crashed before it knew that it had been let in, and kept an empty log.
    @Test void a_node_with_an_empty_log_that_is_let_in_again_gets_everything() {
        join(b);
        net.run(5_000);
        b.forgetAllButAnEmptyLog(id());
        net.run(5_000);
        join(b);
        net.run(30_000);
        assertEqual(a, b);
    }

    @Tag("A11") @Test void a_ticket_is_good_once_and_again_for_the_node_that_used_it() {
        var ticket = a.ticket(space, 3_600_000, Optional.empty());
        var c = node();
        var first = b.join(ticket);
        net.run(3_000);
        var second = c.join(ticket);
        net.run(3_000);
        assertThat(first).isCompletedWithValue(id());
        assertProblem(second, TicketProblem.USED);
        var again = b.join(ticket);
        net.run(3_000);
        assertThat(again).isCompletedWithValue(id());
        assertThat(space.state().members()).doesNotContainKey(c.id);
        join(c);
        var members = c.join(ticket);
        net.run(3_000);
        assertProblem(members, TicketProblem.USED);
    }

    @Tag("A11") @Test void a_ticket_that_expired_or_is_for_another_node_or_unknown_is_told_apart() {
        var c = node();
        assertProblem(b.join(a.ticket(space, -1, Optional.empty())), TicketProblem.EXPIRED);
        assertProblem(b.join(a.ticket(space, 60_000, Optional.of(c.id))), TicketProblem.FOR_ANOTHER_NODE);
        var elsewhere = Ticket.issue(a.signer, c.create("other").space(), "x", List.of(a.address), Role.WRITER,
            b.bytes(16), b.wallMs() + 60_000, Optional.empty());
        var unknown = b.join(elsewhere);
        net.run(3_000);
        assertProblem(unknown, TicketProblem.UNKNOWN);
        a.clockOffsetMs = 7_200_000;
        var late = b.join(Ticket.issue(a.signer, id(), "x", List.of(a.address), Role.WRITER, b.bytes(16), b.wallMs() + 60_000,
            Optional.empty()));
        net.run(3_000);
        assertProblem(late, TicketProblem.EXPIRED);
        assertThat(space.state().members()).containsOnlyKeys(a.id);
    }

    @Test void a_join_waits_for_its_issuer_and_ends_with_the_ticket() {
        a.crash();
        var patient = b.join(a.ticket(space, 3_600_000, Optional.empty()));
        var c = node();
        var hopeless = c.join(a.ticket(space, 100_000, Optional.empty()));
        net.run(200_000);
        assertThat(patient).isNotDone();
        assertProblem(hopeless, TicketProblem.EXPIRED);
        a.start();
        net.run(70_000);
        assertThat(patient).isCompletedWithValue(id());
    }

    @Test void any_number_of_spaces_is_joined_over_one_connection() {
        for (int i = 0; i < 10; i++) {
            var another = a.create("space " + i);
            var joined = b.join(a.ticket(another, 3_600_000, Optional.empty()));
            net.run(2_000);
            assertThat(joined).as("space %s", i).isCompletedWithValue(another.space());
        }
        assertThat(b.heard(Notice.PeerDown.class)).isEmpty();
    }

    @Test void more_tickets_than_may_be_open_at_a_time_are_presented_as_their_turn_comes() {
        var joins = new ArrayList<CompletableFuture<SpaceId>>();
        for (int i = 0; i < 10; i++) joins.add(b.join(a.ticket(a.create("space " + i), 3_600_000, Optional.empty())));
        net.run(5_000);
        assertThat(joins).allSatisfy(joined -> assertThat(joined).isCompleted());
    }

    @Test void two_tickets_for_one_space_are_one_join() {
        var joins = new ArrayList<CompletableFuture<SpaceId>>();
        for (int i = 0; i < 4; i++) joins.add(b.join(a.ticket(space, 3_600_000, Optional.empty())));
        net.run(5_000);
        assertThat(joins).allSatisfy(joined -> assertThat(joined).isCompletedWithValue(id()));
        assertThat(b.heard(Notice.PeerDown.class)).isEmpty();
    }

    @Test void a_good_ticket_after_bad_ones_is_presented_on_a_new_connection() {
        joined(b);
        for (int i = 0; i < 3; i++) {
            var unknown = b.join(Ticket.issue(a.signer, node().create("other").space(), "x", List.of(a.address), Role.WRITER, b.bytes(16), b.wallMs() + 60_000, Optional.empty()));
            net.run(2_000);
            assertProblem(unknown, TicketProblem.UNKNOWN);
        }
        var another = a.create("another");
        var good = b.join(a.ticket(another, 3_600_000, Optional.empty()));
        net.run(10_000);
        assertThat(good).isCompletedWithValue(another.space());
    }
}
