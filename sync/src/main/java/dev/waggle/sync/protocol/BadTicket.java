package dev.waggle.sync.protocol;

/// A ticket cannot be used. Nothing was changed.
public final class BadTicket extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final TicketProblem problem;

    public BadTicket(TicketProblem problem) {
        super(problem.sentence());
        this.problem = problem;
    }

    public TicketProblem problem() {
        return problem;
    }
}
