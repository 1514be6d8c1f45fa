package dev.waggle.sync.protocol;

/// Why a ticket does not open its space. `code` is the wire and API spelling.
public enum TicketProblem {
    NOT_A_TICKET("not_a_ticket", "This is no Waggle ticket: it begins with waggle1. Copy the whole text that `invite` printed."),
    TRUNCATED("ticket_truncated", "The ticket is cut off. Copy the whole text that `invite` printed."),
    DAMAGED("ticket_damaged", "The ticket has a typing or copying error. Copy the text that `invite` printed again."),
    FORGED("ticket_forged", "The ticket is not signed by the node it names. Ask for a new one."),
    EXPIRED("ticket_expired", "The ticket has expired. Ask for a new one."),
    USED("ticket_used", "The ticket was used by another node. A ticket is good once: ask for a new one."),
    FOR_ANOTHER_NODE("ticket_for_another_node", "The ticket was made for another node. Ask for one for this node."),
    UNKNOWN("ticket_unknown", "The node that was asked does not know this ticket. Ask for a new one.");

    private final String code;
    private final String sentence;

    TicketProblem(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    public String code() {
        return code;
    }

    /// What happened and what to do, for people.
    public String sentence() {
        return sentence;
    }

    /// The problem a peer named; anything else that it may say is [#UNKNOWN].
    public static TicketProblem of(String code) {
        for (var problem : values()) if (problem.code.equals(code)) return problem;
        return UNKNOWN;
    }
}
