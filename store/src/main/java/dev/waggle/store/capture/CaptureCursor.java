package dev.waggle.store.capture;

import java.nio.charset.StandardCharsets;

/// How far a file's queue is in the log. Kept in the log, and committed with the events it covers.
///
/// @param fileId  the file it belongs to
/// @param queueId the last queue row that is in the log, 0 for none
/// @param nonce   that row's nonce: another one means that the file was restored or replaced
record CaptureCursor(String fileId, long queueId, long nonce) {
    static final String MARK = "capture";

    static CaptureCursor start(String fileId) {
        return new CaptureCursor(fileId, 0, 0);
    }

    byte[] bytes() {
        return (fileId + " " + queueId + " " + nonce).getBytes(StandardCharsets.UTF_8);
    }

    static CaptureCursor read(byte[] bytes) {
        var parts = new String(bytes, StandardCharsets.UTF_8).split(" ");
        return new CaptureCursor(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
