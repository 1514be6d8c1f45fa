package dev.waggle.store.view;

/// A question took longer than it may: it was stopped. Nothing is wrong with the rows.
public final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlow(Throwable cause) {
        super("the answer takes too long to find", cause);
    }
}
