package dev.waggle.sim.workload;

/// A workload file says something that cannot be.
public final class WorkloadRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    WorkloadRefused(int line, String what) {
        super(what);
        this.line = line;
    }

    /// From 1.
    public int line() {
        return line;
    }
}
