package dev.waggle.apps.hive;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;

import java.util.Set;

/// How large and of what form the members of a hive's events may be. The same limits refuse a local person's wish and quarantine a stranger's event.
/// An event as a whole has at most 64 KiB, whatever its members.
public final class HiveLimits {
    public static final int TITLE_MAX = 300;
    public static final int CONTENT_MAX = 40_000;
    public static final int URL_MAX = 2_000;
    public static final int NAME_MAX = 80;
    public static final int ID_MAX = 80;
    public static final int REASON_MAX = 500;
    public static final int SETTING_KEY_MAX = 64;
    public static final int SETTING_BYTES_MAX = 16 * 1024;
    public static final int BASES_MAX = 64;
    /// Answers nest this deep; deeper ones are shown beside the comment they answer.
    public static final int DEPTH_MAX = 32;

    public static final String VOTE_PRIVACY = "vote_privacy";
    public static final String PER_VOTER = "per_voter";
    public static final String AGGREGATE = "aggregate";

    private HiveLimits() {}

    public static String title(String title) {
        if (title.isBlank()) throw new MalformedPayload("a post needs a title");
        return text("title", title, TITLE_MAX);
    }

    public static String text(String what, String text, int max) {
        if (text.codePointCount(0, text.length()) > max) throw new MalformedPayload("the " + what + " has more than " + max + " characters");
        if (!Canonical.isUnicode(text)) throw new MalformedPayload("the " + what + " is not valid Unicode");
        return text;
    }

    /// Only what a browser may follow: no script, no file.
    public static String url(String url) {
        if (!url.startsWith("https://") && !url.startsWith("http://")) throw new MalformedPayload("a link begins with https:// or http://");
        for (int i = 0; i < url.length(); i++) if (url.charAt(i) <= ' ' || url.charAt(i) == 0x7f) throw new MalformedPayload("a link has no blanks or control characters");
        return text("link", url, URL_MAX);
    }

    public static String name(String name) {
        if (name.isBlank()) throw new MalformedPayload("a name is empty");
        return text("name", name, NAME_MAX);
    }

    /// Of anybody's post or comment.
    public static String id(String id) {
        if (id.isEmpty() || id.length() > ID_MAX) throw new MalformedPayload("an id has 1 to " + ID_MAX + " characters");
        for (int i = 0; i < id.length(); i++) if (!isIdChar(id.charAt(i))) throw new MalformedPayload("an id is made of letters, digits, _ and -");
        return id;
    }

    /// Of a post or comment that `origin` makes.
    public static String ownId(String id, NodeId origin) {
        if (!id.startsWith(prefix(origin))) throw new MalformedPayload("an id begins with the first " + Target.PREFIX_CHARS + " digits of its author's node and _");
        return id(id);
    }

    /// What the ids begin with that a node makes.
    public static String prefix(NodeId origin) {
        return origin.hex().substring(0, Target.PREFIX_CHARS) + "_";
    }

    public static String agentId(String id) {
        if (id.isEmpty() || id.length() > ID_MAX) throw new MalformedPayload("an agent's id has 1 to " + ID_MAX + " characters");
        for (int i = 0; i < id.length(); i++)
            if (!isIdChar(id.charAt(i)) && id.charAt(i) != '.') throw new MalformedPayload("an agent's id is made of letters, digits, _, - and .");
        return id;
    }

    private static boolean isIdChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    static String settingKey(String key) {
        if (key.isEmpty() || key.length() > SETTING_KEY_MAX || !key.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'))
            throw new MalformedPayload("a setting's key has 1 to " + SETTING_KEY_MAX + " lower-case letters, digits and _");
        return key;
    }

    /// Keys that Waggle reads have a form of their own; all others are kept as data.
    static Json setting(String key, Json value) {
        if (Canonical.bytes(value).length > SETTING_BYTES_MAX) throw new MalformedPayload("a setting has at most " + SETTING_BYTES_MAX + " bytes");
        var right = switch (key) {
            case "description", "rules", "display_name" -> value instanceof Json.Str || value instanceof Json.Null;
            case "is_public" -> value instanceof Json.Bool;
            case VOTE_PRIVACY -> value instanceof Json.Str(var mode) && Set.of(PER_VOTER, AGGREGATE).contains(mode);
            default -> true;
        };
        if (!right) throw new MalformedPayload("the setting \"" + key + "\" takes another kind of value");
        return value;
    }
}
