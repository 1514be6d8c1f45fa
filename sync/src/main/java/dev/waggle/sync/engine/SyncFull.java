package dev.waggle.sync.engine;

/// The engine has too much to do to take a command now. Nothing was changed; a retry is safe. No data waits for it: what to send is found
/// from the log.
public final class SyncFull extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SyncFull() {
        super("the sync engine is busy: try again");
    }
}
