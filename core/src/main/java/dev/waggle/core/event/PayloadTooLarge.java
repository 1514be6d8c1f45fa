package dev.waggle.core.event;

/// A change does not fit one payload. Nothing was written; the caller bundles it into chunks or splits it.
public final class PayloadTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int bytes;

    public PayloadTooLarge(int bytes) {
        super("payload of " + bytes + " bytes: at most " + Event.PAYLOAD_BYTES_MAX);
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }
}
