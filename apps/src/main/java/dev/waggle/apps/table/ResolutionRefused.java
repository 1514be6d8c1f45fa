package dev.waggle.apps.table;

/// A conflict cannot be settled in the way asked for, and nothing was changed. The message says why, and what can be done instead.
public final class ResolutionRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ResolutionRefused(String message) {
        super(message);
    }
}
