package dev.waggle.apps.table;

/// A change set is larger than one event can carry ([ChangeSetCodec#SET_BYTES_MAX]). Nothing was written; a smaller transaction is needed.
public final class ChangeSetTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ChangeSetTooLarge() {
        super("a change set has at most " + ChangeSetCodec.SET_BYTES_MAX + " bytes");
    }
}
