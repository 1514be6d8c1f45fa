package dev.waggle.apps.hub;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Draft;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Fields of one account got new values. Every field is a register: the last value in the order that all nodes share is shown.
///
/// @param id     of the account: 1 to 64 characters of `0-9a-f-`
/// @param fields at most [#FIELDS_MAX]; texts, integers, truth values or null
/// @param by     who wanted it: a user's id, a node's, or `operator`
public record AccountChange(Kind kind, String id, SortedMap<String, Json> fields, String by) {
    public static final int FIELDS_MAX = 16;
    public static final int TEXT_MAX = 2_000;
    private static final int ID_MAX = 64;
    private static final Map<String, Kind> TYPES = Stream.of(Kind.values()).collect(Collectors.toMap(Kind::eventType, kind -> kind));

    /// @throws MalformedPayload when a member is beyond its limit
    public AccountChange {
        if (!isId(id)) throw new MalformedPayload("an account's id is 1 to " + ID_MAX + " characters of 0-9a-f-");
        if (by.isEmpty() || by.length() > ID_MAX) throw new MalformedPayload("it is not said who wanted it");
        if (fields.isEmpty() || fields.size() > FIELDS_MAX) throw new MalformedPayload("it changes 1 to " + FIELDS_MAX + " fields");
        fields.forEach((name, value) -> {
            if (!name.matches("[a-z][a-z_]{0,31}")) throw new MalformedPayload("that is no name of a field");
            boolean plain = switch (value) {
                case Json.Str(var text) -> text.length() <= TEXT_MAX && Canonical.isUnicode(text);
                case Json.Num _, Json.Bool _, Json.Null _ -> true;
                case Json.Arr _, Json.Obj _ -> false;
            };
            if (!plain) throw new MalformedPayload("\"" + name + "\" is neither a text of at most " + TEXT_MAX + " characters nor a number, a truth value or null");
        });
        fields = new TreeMap<>(fields);
    }

    private static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= ID_MAX && id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c == '-');
    }

    /// @return empty for events of other types
    /// @throws MalformedPayload when it is of a type of ours and not what it should be
    public static Optional<AccountChange> read(Event event) {
        var kind = TYPES.get(event.type());
        if (kind == null) return Optional.empty();
        var body = event.body();
        return Optional.of(new AccountChange(kind, body.text("id"), new TreeMap<>(body.object("fields").members()), body.text("by")));
    }

    public Draft draft() {
        return new Draft(kind.eventType(), Json.object("id", id, "by", by, "fields", new Json.Obj(fields)));
    }
}
