package dev.waggle.core.log;

/// Bytes of this log are not what was written: its disk or somebody changed them. What is damaged is never served. `doctor` finds all of
/// it and fetches it again from other members.
public final class DamagedLog extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DamagedLog(String message) {
        super(message);
    }
}
