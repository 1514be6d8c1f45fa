package dev.waggle.apps.board;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;

import java.util.HashSet;
import java.util.List;

/// How large and of what form the members of a board's events may be. The same limits refuse a local wish and quarantine a stranger's event. An event as a
/// whole has at most 64 KiB, whatever its members.
public final class BoardLimits {
    public static final int TITLE_MAX = 500;
    public static final int DESCRIPTION_MAX = 40_000;
    public static final int NAME_MAX = 80;
    public static final int LABELS_MAX = 50;
    public static final int DEPENDENCIES_MAX = 200;
    public static final int EXTERNAL_ID_MAX = 200;
    /// 0 is the most urgent.
    public static final int PRIORITY_MAX = 4;
    public static final int PRIORITY_DEFAULT = 2;
    public static final int LINES_MAX = 500;
    public static final int LINE_MAX = 4_000;
    public static final int NOTE_MAX = 2_000;
    public static final int URL_MAX = 2_000;
    public static final int BASES_MAX = 64;
    public static final long LEASE_MS_MIN = 1_000;
    public static final long LEASE_MS_MAX = 3_600_000;
    /// A task is claimed at most so often: what bounds the chain of its claims.
    public static final long TOKEN_MAX = 10_000;
    /// A board's sequencer is named at most so often.
    public static final long TERM_MAX = 10_000;
    public static final int SEQUENCED_MAX = 500;
    /// Far from where JSON's numbers end.
    public static final long SEQUENCE_MAX = 1L << 52;
    private static final int UUID_CHARS = 36;

    private BoardLimits() {}

    static String text(String what, String text, int max) {
        if (text.codePointCount(0, text.length()) > max) throw new MalformedPayload("the " + what + " has more than " + max + " characters");
        if (!Canonical.isUnicode(text)) throw new MalformedPayload("the " + what + " is not valid Unicode");
        return text;
    }

    static String neededText(String what, String text, int max) {
        if (text.isBlank()) throw new MalformedPayload("the " + what + " is empty");
        return text(what, text, max);
    }

    /// How a node calls itself.
    public static String nodeName(String name) {
        return neededText("name", name, NAME_MAX);
    }

    /// A task's id: a UUID in its one spelling.
    public static String id(String id) {
        if (!isUuid(id)) throw new MalformedPayload("a task's id is a UUID in lower-case digits");
        return id;
    }

    public static boolean isUuid(String text) {
        if (text.length() != UUID_CHARS) return false;
        for (int i = 0; i < UUID_CHARS; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) return false;
        }
        return true;
    }

    public static String url(String url) {
        if (!url.startsWith("https://") && !url.startsWith("http://")) throw new MalformedPayload("a public URL begins with https:// or http://");
        for (int i = 0; i < url.length(); i++) if (url.charAt(i) <= ' ' || url.charAt(i) == 0x7f) throw new MalformedPayload("a URL has no blanks or control characters");
        return text("URL", url, URL_MAX);
    }

    static long leaseMs(long ms) {
        if (ms < LEASE_MS_MIN || ms > LEASE_MS_MAX) throw new MalformedPayload("a lease lasts 1 second to 1 hour");
        return ms;
    }

    static long token(long token) {
        if (token < 1 || token > TOKEN_MAX) throw new MalformedPayload("a token is from 1 to " + TOKEN_MAX);
        return token;
    }

    static long term(long term) {
        if (term < 1 || term > TERM_MAX) throw new MalformedPayload("a term is from 1 to " + TERM_MAX);
        return term;
    }

    static long sequence(long number, long min) {
        if (number < min || number > SEQUENCE_MAX) throw new MalformedPayload("a sequence number is from " + min + " to " + SEQUENCE_MAX);
        return number;
    }

    /// Lines that come together.
    public static List<String> lines(List<Json> items) {
        if (items.isEmpty() || items.size() > LINES_MAX) throw new MalformedPayload("1 to " + LINES_MAX + " lines at once");
        return items.stream().map(item -> text("line", item.asText(), LINE_MAX)).toList();
    }

    /// What a field may be set to.
    static Json value(Field field, Json value) {
        requireKind(field, value);
        switch (field) {
            case TITLE -> neededText("title", value.asText(), TITLE_MAX);
            case DESCRIPTION -> text("description", value.asText(), DESCRIPTION_MAX);
            case STATUS -> TaskStatus.of(value.asText());
            case PRIORITY -> {
                if (value.asInteger() < 0 || value.asInteger() > PRIORITY_MAX) throw new MalformedPayload("a priority is from 0 (most urgent) to " + PRIORITY_MAX);
            }
            case LABELS -> list("labels", value, LABELS_MAX).forEach(label -> neededText("label", label, NAME_MAX));
            case DEPENDS_ON -> list("dependencies", value, DEPENDENCIES_MAX).forEach(BoardLimits::id);
            case ASSIGNEE -> {
                if (!(value instanceof Json.Null)) neededText("assignee", value.asText(), NAME_MAX);
            }
            case ASSIGNED_NODE -> {
                if (!(value instanceof Json.Null)) AssignedTo.of(value.asText());
            }
            case EXTERNAL_ID -> neededText("external id", value.asText(), EXTERNAL_ID_MAX);
            case LIFE -> throw new IllegalArgumentException("nobody sets whether a task is there");
        }
        return value;
    }

    private static void requireKind(Field field, Json value) {
        boolean good = switch (field) {
            case TITLE, DESCRIPTION, STATUS, EXTERNAL_ID -> value instanceof Json.Str;
            case ASSIGNEE, ASSIGNED_NODE -> value instanceof Json.Str || value instanceof Json.Null;
            case PRIORITY -> value instanceof Json.Num;
            case LABELS, DEPENDS_ON -> value instanceof Json.Arr(var items) && items.stream().allMatch(Json.Str.class::isInstance);
            case LIFE -> true;
        };
        if (!good) throw new MalformedPayload("\"" + field.wire() + "\" is not " + switch (field) {
            case PRIORITY -> "a number";
            case LABELS, DEPENDS_ON -> "a list of texts";
            default -> "a text";
        });
    }

    private static List<String> list(String what, Json value, int max) {
        var items = value.asArray().stream().map(Json::asText).toList();
        if (items.size() > max) throw new MalformedPayload("more than " + max + " " + what);
        if (new HashSet<>(items).size() != items.size()) throw new MalformedPayload("one of the " + what + " is named twice");
        return items;
    }

    static NodeId node(String hex) {
        try {
            return new NodeId(hex);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(e.getMessage());
        }
    }
}
