package dev.waggle.node.type;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A file of JSON lines that is loaded. A line that cannot be taken is refused by its number and the others go on.
public final class JsonLines {
    public static final int LINE_BYTES_MAX = 256 * 1024;
    private static final int REASONS_MAX = 20;
    private static final int LINES_A_WORD = 200;
    private static final String ESCAPED = "\"\\/bfnrtu";

    /// Told now and then how many bytes of how many were read.
    public interface Progress {
        void at(long done, long total);
    }

    private final List<String> reasons = new ArrayList<>();
    private long refused;

    public long refused() {
        return refused;
    }

    /// Why lines were refused, the first ones.
    public List<String> reasons() {
        return reasons;
    }

    /// @param take what is done with a line; a [MalformedPayload], IllegalArgumentException, ArithmeticException or DateTimeException refuses it
    /// @throws Problem when the file cannot be read
    public void read(Path file, Progress progress, Consumer<Json.Obj> take) {
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long total = Files.size(file);
            long done = 0;
            long number = 0;
            for (var line = line(in); line != null; line = line(in)) {
                number++;
                done += line.length + 1;
                if (new String(line, StandardCharsets.UTF_8).isBlank()) continue;
                try {
                    if (line.length > LINE_BYTES_MAX) throw new MalformedPayload("it has more than " + LINE_BYTES_MAX / 1024 + " KiB");
                    take.accept(StrictJson.object(plain(line), 2 * LINE_BYTES_MAX));
                } catch (MalformedPayload | IllegalArgumentException | ArithmeticException | DateTimeException e) {
                    refused++;
                    if (reasons.size() < REASONS_MAX) reasons.add("Line " + number + ": " + e.getMessage() + ".");
                }
                if (number % LINES_A_WORD == 0) progress.at(Math.min(done, total), total);
            }
        } catch (IOException e) {
            throw new Problem(ErrorCode.FILE_UNUSABLE, file + " cannot be read: " + e.getMessage() + ".", "Name a file of JSON lines that the node may read.", e);
        }
    }

    /// A backslash before what JSON does not escape stands for itself: trackers and their exports write such lines, and a text with one backslash too few is no reason to lose a task.
    private static byte[] plain(byte[] line) {
        var bytes = new ByteArrayOutputStream(line.length + 16);
        for (int i = 0; i < line.length; i++) {
            bytes.write(line[i]);
            if (line[i] != '\\') continue;
            if (i + 1 < line.length && ESCAPED.indexOf(line[i + 1]) >= 0) bytes.write(line[++i]);
            else bytes.write('\\');
        }
        return bytes.toByteArray();
    }

    /// A line's bytes; of one that is too long only the beginning, so that it can be refused.
    private static byte[] line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean any = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            any = true;
            if (b == '\n') return bytes.toByteArray();
            if (bytes.size() <= LINE_BYTES_MAX) bytes.write(b);
        }
        return any ? bytes.toByteArray() : null;
    }
}
