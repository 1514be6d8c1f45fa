package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets nodes in with tickets, and brings this node in where it has one.
///
/// Whoever presents what this node did not sign hears one answer, whatever is wrong with it and whatever it names. Who presents what only this
/// node can have signed may know more: expired, used, for another node.
final class Door {
    /// Tickets on one connection that may be wrong. Good ones do not count: two nodes share any number of spaces over one connection.
    static final int REDEMPTIONS_MAX = 3;

    sealed interface Out {
        record Say(Link link, Frame frame) implements Out {}

        record HangUp(Link link, String code, String message) implements Out {}

        record Remember(Peer peer) implements Out {}

        /// Dial an issuer until it answers.
        record Seek(NodeId issuer, List<String> addresses) implements Out {}

        /// Nobody to dial any more.
        record Leave(NodeId issuer) implements Out {}

        record Carry(Effect effect) implements Out {}
    }

    private final NodeId self;
    private final Verifier verifier;
    private final Membership membership;

    Door(NodeId self, Verifier verifier, Membership membership) {
        this.self = self;
        this.verifier = verifier;
        this.membership = membership;
    }

    // as issuer

    List<Out> redeem(Link link, Frame.Redeem redeem, Now now) {
        if (++link.redemptions > REDEMPTIONS_MAX)
            return List.of(new Out.HangUp(link, "too_many_tickets", "at most " + REDEMPTIONS_MAX + " tickets on a connection that are not good"));
        Ticket ticket;
        try {
            ticket = Ticket.read(redeem.ticket(), redeem.signature(), verifier);
        } catch (BadTicket _) {
            return List.of(refusal(link, TicketProblem.UNKNOWN));
        }
        if (!ticket.issuer().equals(self) || membership.state(ticket.space()).isEmpty()) return List.of(refusal(link, TicketProblem.UNKNOWN));
        var problem = ticket.problemFor(link.peer, now.wallMs());
        return List.of(problem.isPresent() ? refusal(link, problem.get()) : new Out.Carry(new Effect.Redeem(link.connection, link.peer, ticket)));
    }

    /// The log said whether the ticket is unused, and names the bearer as a member now.
    List<Out> judged(Link link, Input.TicketJudged judged) {
        if (judged.problem() != null) return List.of(refusal(link, judged.problem()));
        link.redemptions--;
        return List.of(new Out.Say(link, new Frame.Welcome(judged.space())));
    }

    private static Out refusal(Link link, TicketProblem problem) {
        return new Out.Say(link, new Frame.Refused(problem.code(), problem.sentence()));
    }

    // as bearer

    /// @param link the connection to the issuer, if there is one
    List<Out> join(long request, Ticket ticket, Optional<Link> link, Now now) {
        var problem = ticket.problemFor(self, now.wallMs());
        if (problem.isPresent()) return List.of(answer(request, ticket, problem.get()));
        var join = new Membership.Join(request, ticket);
        if (!membership.join(join))
            return List.of(new Out.Carry(new Effect.Tell(new Notice.TroubleHere("join", "at most " + Membership.JOINS_MAX + " joins at a time"))));
        if (link.isPresent()) return met(link.get());
        return List.of(new Out.Seek(ticket.issuer(), known(ticket.issuer(), now).withAddresses(ticket.addresses()).dialled()));
    }

    /// An issuer proved who it is, or answered: it is shown the next of the tickets it signed, and nobody else is. One that would not take
    /// another on this connection is met again on a new one.
    List<Out> met(Link link) {
        var joins = membership.joinsAt(link.peer).stream().filter(join -> !link.welcomed.contains(join.request())).toList();
        if (joins.isEmpty() || link.redeeming != null) return List.of();
        if (link.refusedTickets == REDEMPTIONS_MAX) return List.of(new Out.HangUp(link, "more_tickets", "the next ticket is presented on a new connection"));
        var join = joins.getFirst();
        link.redeeming = join.request();
        return List.of(new Out.Say(link, new Frame.Redeem(join.ticket().bytes(), join.ticket().signature())));
    }

    List<Out> welcomed(Link link, SpaceId space, Now now) {
        boolean presented = link.redeeming != null;
        var join = answered(link);
        if (presented && join.isEmpty()) return met(link);         // it ended meanwhile: another's welcome was as good
        if (join.isEmpty() || !join.get().ticket().space().equals(space))
            return List.of(new Out.HangUp(link, "unexpected_welcome", "welcomes to a space for which no ticket was presented"));
        var ticket = join.get().ticket();
        var relationship = new Relationship(link.peer, space, Relationship.Kind.WELCOMED);
        membership.relate(relationship);
        link.welcomed.add(join.get().request());
        var out = new ArrayList<Out>(List.of(
            new Out.Remember(known(link.peer, now).withAddresses(ticket.addresses())),
            new Out.Carry(new Effect.SaveRelationship(relationship)),
            new Out.Carry(new Effect.OpenSpace(link.connection, join.get().request(), space, ticket.spaceName()))));
        out.addAll(met(link));
        return out;
    }

    List<Out> refused(Link link, String code, String message) {
        var join = code.startsWith("ticket_") ? answered(link) : Optional.<Membership.Join>empty();
        if (join.isEmpty()) return List.of(new Out.Carry(new Effect.Tell(new Notice.Refused(link.peer, code, message))));
        link.refusedTickets++;
        var out = new ArrayList<>(ended(join.get(), TicketProblem.of(code)));
        out.addAll(met(link));
        return out;
    }

    /// What could not be opened may be by now.
    List<Out> again(Link link) {
        link.welcomed.clear();
        return met(link);
    }

    List<Out> expired(Now now) {
        var out = new ArrayList<Out>();
        for (var join : membership.joins())
            if (now.wallMs() > join.ticket().expiresMs()) out.addAll(ended(join, TicketProblem.EXPIRED));
        return out;
    }

    private List<Out> ended(Membership.Join join, TicketProblem problem) {
        var ticket = join.ticket();
        membership.joined(join.request());
        var out = new ArrayList<Out>();
        if (membership.peer(ticket.issuer()).isEmpty() && membership.joinsAt(ticket.issuer()).isEmpty()) out.add(new Out.Leave(ticket.issuer()));
        out.add(answer(join.request(), ticket, problem));
        return out;
    }

    private static Out answer(long request, Ticket ticket, TicketProblem problem) {
        return new Out.Carry(new Effect.Tell(new Notice.Joined(request, ticket.space(), problem)));
    }

    private Optional<Membership.Join> answered(Link link) {
        var request = link.redeeming;
        link.redeeming = null;
        return request == null ? Optional.empty() : membership.joins().stream().filter(join -> join.request() == request).findFirst();
    }

    private Peer known(NodeId node, Now now) {
        return membership.peer(node).orElseGet(() -> new Peer(node, "", List.of(), List.of(), now.wallMs()));
    }
}
