package dev.waggle.node.rest;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.hive.HiveQueries.Position;
import dev.waggle.store.hive.Sort;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Where a page ends, as text that callers hand back unread. None of them is a time.
final class Cursors {
    private static final int HIVE_CHARS = 16;

    private Cursors() {}

    static String of(Sort.After after) {
        return encode(after.value() + ":" + after.id());
    }

    static Optional<Sort.After> after(String cursor) {
        if (cursor.isEmpty()) return Optional.empty();
        var parts = decode(cursor).split(":", 2);
        if (parts.length != 2) throw bad();
        return Optional.of(new Sort.After(number(parts[0]), parts[1]));
    }

    static String of(String text) {
        return encode(text);
    }

    static String text(String cursor) {
        return cursor.isEmpty() ? "" : decode(cursor);
    }

    /// Where a reader stands in each of several hives.
    ///
    /// @param incarnation of the rows that the position is about
    record Place(String incarnation, Position position) {}

    static String of(Map<String, Place> places) {
        var text = new StringBuilder();
        new TreeMap<>(places).forEach((hive, place) -> text.append(hive, 0, HIVE_CHARS).append(':').append(place.incarnation(), 0, Math.min(8, place.incarnation().length()))
            .append(':').append(place.position().offset()).append(':').append(place.position().id()).append(','));
        return encode(text.toString());
    }

    /// @return empty for a hive that the cursor does not know, or whose rows were made anew since
    static Optional<Position> position(String cursor, String hive, String incarnation) {
        if (cursor.isEmpty()) return Optional.empty();
        for (var part : decode(cursor).split(",")) {
            if (part.isEmpty()) continue;
            var fields = part.split(":", 4);
            if (fields.length != 4) throw bad();
            if (hive.startsWith(fields[0]) && incarnation.startsWith(fields[1])) return Optional.of(new Position(number(fields[2]), fields[3]));
        }
        return Optional.empty();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw bad();
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw bad();
        }
    }

    private static Problem bad() {
        return new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what the page before said, or nothing to begin.");
    }
}
