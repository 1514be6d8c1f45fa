package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.LogState;
import dev.waggle.sync.protocol.Ticket;
import dev.waggle.sync.protocol.TicketProblem;

/// Redeems tickets at their issuer: writes the bearer as a member, once.
public interface Tickets {
    /// Called on a worker. When this answers [Answer.Welcomed], the member event and the mark that the ticket is used are durable, in one
    /// transaction. The same node may redeem its ticket again (the answer was lost): it is welcomed again and nothing is written.
    ///
    /// @param ticket signed by this node, not expired, not for another node: checked by the caller
    /// @throws dev.waggle.core.log.LogUnavailable when the log cannot be written now; nothing was changed
    Answer redeem(Ticket ticket, NodeId bearer, long wallMs);

    sealed interface Answer {
        /// @param state the log names the bearer as a member
        record Welcomed(LogState state) implements Answer {}

        record Refused(TicketProblem problem) implements Answer {}
    }
}
