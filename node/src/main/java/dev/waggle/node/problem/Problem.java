package dev.waggle.node.problem;

/// It cannot be done, for a reason that the caller can act on. Two sentences: what happened, and what to do.
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ErrorCode code;
    private final String remedy;

    public Problem(ErrorCode code, String what, String remedy) {
        super(what);
        this.code = code;
        this.remedy = remedy;
    }

    public Problem(ErrorCode code, String what, String remedy, Throwable cause) {
        super(what, cause);
        this.code = code;
        this.remedy = remedy;
    }

    public ErrorCode code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    /// Both sentences.
    public String sentences() {
        return remedy.isEmpty() ? getMessage() : getMessage() + " " + remedy;
    }
}
