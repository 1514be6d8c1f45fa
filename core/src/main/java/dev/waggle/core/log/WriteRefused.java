package dev.waggle.core.log;

/// This node may not write to the space now: it is no member, or its clock is wrong. Nothing was written. The message says what to do.
public final class WriteRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WriteRefused(String message) {
        super(message);
    }
}
