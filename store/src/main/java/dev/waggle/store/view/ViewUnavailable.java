package dev.waggle.store.view;

/// The view's file could not be read or written now. Nothing of the current transaction is kept; after [SqlRecordStore#rollback] a retry is safe, and dropping
/// the file and replaying the log always is.
public final class ViewUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ViewUnavailable(String what, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
