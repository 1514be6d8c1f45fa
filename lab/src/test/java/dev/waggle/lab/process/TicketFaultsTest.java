package dev.waggle.lab.process;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Role;
import dev.waggle.node.problem.Exit;
import dev.waggle.sync.protocol.Ticket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Tickets that open nothing, each with one message of two sentences and exit code 4. Nobody's file is made or changed, and a good ticket still works.
@Timeout(120)
class TicketFaultsTest {
    @TempDir Path folder;

    @Tag("A11") @Test void every_bad_ticket_is_refused_with_its_own_message_and_a_good_one_still_works() throws Exception {
        var notes = Notes.create(folder.resolve("left.sqlite"));
        notes.add("n1");
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            a.ask("track", notes.file());
            var good = a.ask("invite").text("ticket");
            var parts = Ticket.parse(good, new Ed25519());
            var issuer = Ed25519.signer(a.seed());
            long hour = 3_600_000;
            long now = System.currentTimeMillis();

            refused(b, "nonsense", "is no Waggle ticket");
            refused(b, good.substring(0, good.length() - 20), "is cut off");
            refused(b, "wagg", "is cut off");
            refused(b, mistyped(good), "typing or copying error");
            refused(b, issue(issuer, parts, now - hour, Optional.empty()), "has expired");
            refused(b, issue(issuer, parts, now + hour, Optional.of(new NodeId(a.ask("sync", "status").text("node")))), "made for another node");
            refused(b, a.ask("invite", "--expires", "1s").text("ticket"), "has expired", 1_100);

            var right = new Notes(folder.resolve("right.sqlite"));
            b.ask("join", good, right.file());
            assertThat(right.has("n1")).isTrue();
            try (var c = new NodeProcess(folder.resolve("c"))) {
                refused(c, good, "was used by another node");       // a node in this process, for the length of the command
                assertThat(c.ask("space", "list").array("spaces")).isEmpty();
            }
            notes.add("n2");
            NodeProcess.await("the good joiner is served", () -> right.has("n2"));
        }
    }

    private void refused(NodeProcess node, String ticket, String why) {
        var file = folder.resolve("refused.sqlite");
        var said = node.run("join", ticket, file);
        assertThat(said.exit()).as(said.toString()).isEqualTo(Exit.REFUSED);
        TwoSentences.in(said).contains(why);
        assertThat(file).doesNotExist();
    }

    /// A ticket that has to grow old first.
    private void refused(NodeProcess node, String ticket, String why, long afterMs) throws Exception {
        long old = System.nanoTime() + afterMs * 1_000_000;
        NodeProcess.await("the ticket is old", () -> System.nanoTime() > old);
        refused(node, ticket, why);
    }

    private static String mistyped(String ticket) {
        int at = ticket.length() / 2;
        return ticket.substring(0, at) + (ticket.charAt(at) == 'A' ? 'B' : 'A') + ticket.substring(at + 1);
    }

    private static String issue(dev.waggle.core.event.Signer issuer, Ticket like, long expiresMs, Optional<NodeId> forNode) {
        return Ticket.issue(issuer, like.space(), like.spaceName(), like.addresses(), Role.WRITER, new byte[Ticket.SECRET_BYTES], expiresMs, forNode).text();
    }
}
