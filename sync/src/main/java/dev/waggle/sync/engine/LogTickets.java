package dev.waggle.sync.engine;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.sync.protocol.Ticket;
import dev.waggle.sync.protocol.TicketProblem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Keeps who used which ticket as a mark in the space's own log, written with the member event: a crash leaves both or neither.
public final class LogTickets implements Tickets {
    private final Function<SpaceId, Optional<EventLog>> logs;
    private final Function<SpaceId, Author> author;

    /// @param author whom this node writes as in a space now
    public LogTickets(Function<SpaceId, Optional<EventLog>> logs, Function<SpaceId, Author> author) {
        this.logs = logs;
        this.author = author;
    }

    /// Serial: two bearers of one ticket must not both find it unused.
    @Override public synchronized Answer redeem(Ticket ticket, NodeId bearer, long wallMs) {
        var found = logs.apply(ticket.space());
        if (found.isEmpty()) return new Answer.Refused(TicketProblem.UNKNOWN);
        var log = found.get();
        var mark = "ticket/" + ticket.fingerprint();
        var usedBy = log.mark(mark).map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        if (usedBy.isPresent() && !usedBy.get().equals(bearer.hex())) return new Answer.Refused(TicketProblem.USED);
        boolean member = log.state().members().containsKey(bearer);
        if (usedBy.isPresent()) return member ? new Answer.Welcomed(log.state()) : new Answer.Refused(TicketProblem.USED);
        var used = Map.of(mark, bearer.hex().getBytes(StandardCharsets.US_ASCII));
        try {
            if (member) log.marks(used);
            else log.write(author.apply(ticket.space()), List.of(new Draft(ControlType.MEMBER_ADDED,
                Json.object("subject", bearer.hex(), "role", ticket.role().wire()))), List.of(), used, wallMs);
        } catch (WriteRefused _) {
            return new Answer.Refused(TicketProblem.UNKNOWN);       // this node may no longer add members: its old tickets are worth nothing
        }
        return new Answer.Welcomed(log.state());
    }
}
