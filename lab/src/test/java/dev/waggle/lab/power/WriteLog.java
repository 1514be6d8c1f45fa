package dev.waggle.lab.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What one process did, in order, as the shim wrote it down.
record WriteLog(List<Op> ops) {
    private static final int HEADER_BYTES = 21;

    /// What can happen. Files, folders and sockets are named by their inode numbers, which may be used again after the end of one.
    sealed interface Op {
        record FolderMade(long id, String path) implements Op {}
        record FileMade(long id, String path) implements Op {}
        record Removed(String path) implements Op {}
        record Renamed(String from, String to) implements Op {}
        record Written(long id, long at, byte[] bytes) implements Op {}
        record Truncated(long id, long size) implements Op {}
        record SyncBegun(long id, long number) implements Op {}
        record Synced(long id, long number) implements Op {}
        record SyncFailed(long id, long number) implements Op {}
        /// A line on standard output, or several.
        record Said(String text) implements Op {}
        record Sent(long socket, byte[] bytes) implements Op {}
    }

    /// Reads a whole log; a record that a kill cut short ends it.
    static WriteLog read(Path file) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var ops = new ArrayList<Op>();
        while (in.remaining() >= HEADER_BYTES) {
            char kind = (char) in.get();
            long id = in.getLong();
            long offset = in.getLong();
            int length = in.getInt();
            if (in.remaining() < length) break;
            var bytes = new byte[length];
            in.get(bytes);
            ops.add(op(kind, id, offset, bytes));
        }
        return new WriteLog(ops);
    }

    private static Op op(char kind, long id, long offset, byte[] bytes) {
        return switch (kind) {
            case 'D' -> new Op.FolderMade(id, text(bytes));
            case 'C' -> new Op.FileMade(id, text(bytes));
            case 'U' -> new Op.Removed(text(bytes));
            case 'R' -> {
                var paths = text(bytes).split("\0");
                yield new Op.Renamed(paths[0], paths[1]);
            }
            case 'W' -> new Op.Written(id, offset, bytes);
            case 'T' -> new Op.Truncated(id, offset);
            case 'B' -> new Op.SyncBegun(id, offset);
            case 'S' -> new Op.Synced(id, offset);
            case 'F' -> new Op.SyncFailed(id, offset);
            case 'A' -> new Op.Said(text(bytes));
            case 'N' -> new Op.Sent(id, bytes);
            default -> throw new IllegalStateException("a record of kind " + kind);
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
