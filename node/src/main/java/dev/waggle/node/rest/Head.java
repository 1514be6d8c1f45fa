package dev.waggle.node.rest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The head of an HTTP request, as far as it decides who answers it.
///
/// @param bytes   all of it, with the empty line
/// @param method  and `target`: empty when it is no head of HTTP, or longer than [#BYTES_MAX]
/// @param headers repeated ones that differ are joined by commas
record Head(byte[] bytes, String method, String target, Map<String, String> headers) {
    private static final String END = "\r\n\r\n";
    static final int BYTES_MAX = 16 * 1024;

    /// @param untilNanos by `System.nanoTime`: bytes that drip do not push it back
    /// @return empty when nothing more comes
    /// @throws IOException when it breaks off in the middle, or is not whole in time
    static Optional<Head> read(InputStream in, long untilNanos) throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        int matched = 0;
        while (matched < END.length() && bytes.size() < BYTES_MAX) {
            int next = in.read();
            if (next < 0 && bytes.size() == 0) return Optional.empty();
            if (next < 0) throw new EOFException("a request breaks off in its head");
            if (System.nanoTime() - untilNanos > 0) throw new SocketTimeoutException("a request's head takes too long");
            bytes.write(next);
            matched = next == END.charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return Optional.of(matched == END.length() ? of(bytes.toByteArray()) : new Head(bytes.toByteArray(), "", "", Map.of()));
    }

    private static Head of(byte[] bytes) {
        var lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n");
        var request = lines.length == 0 ? new String[0] : lines[0].split(" ");
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) headers.merge(lines[i].substring(0, colon).strip(), lines[i].substring(colon + 1).strip(), (first, other) -> first.equals(other) ? first : first + ", " + other);
        }
        return request.length == 3 ? new Head(bytes, request[0], request[1], headers) : new Head(bytes, "", "", headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// How many bytes follow that belong to this request; empty when its head alone does not say so.
    OptionalLong bodyBytes() {
        if (method.isEmpty() || headers.containsKey("Transfer-Encoding")) return OptionalLong.empty();
        var length = headers.getOrDefault("Content-Length", "0");
        return length.matches("[0-9]{1,15}") ? OptionalLong.of(Long.parseLong(length)) : OptionalLong.empty();
    }
}
