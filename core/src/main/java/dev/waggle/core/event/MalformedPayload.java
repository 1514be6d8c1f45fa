package dev.waggle.core.event;

/// Bytes that somebody sent are not what they should be. Expected at every border of the node: the sender's event or frame is
/// refused with this message, nothing is changed. The message never quotes more than a name of the bytes.
public final class MalformedPayload extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedPayload(String message) {
        super(message, null, false, false);   // no stack trace: a flood of bad bytes must stay cheap
    }
}
