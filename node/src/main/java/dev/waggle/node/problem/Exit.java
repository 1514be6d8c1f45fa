package dev.waggle.node.problem;

/// Exit codes of the command line.
public final class Exit {
    public static final int OK = 0;
    /// The question was answered with no: a difference, a damaged log, an open conflict that was asked for.
    public static final int DIFFERENCE = 1;
    public static final int USAGE = 2;
    public static final int NOT_REACHABLE = 3;
    public static final int REFUSED = 4;
    /// EX_SOFTWARE of sysexits.h: a bug.
    public static final int INTERNAL = 70;

    private Exit() {}
}
