package dev.waggle.core.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A JSON value. Objects are sorted by UTF-16 code units, which is the order RFC 8785 asks for and `String.compareTo` gives.
public sealed interface Json {
    Json NULL = new Null();
    Json TRUE = new Bool(true);
    Json FALSE = new Bool(false);
    /// The largest integer that a JSON number carries exactly, 2^53 - 1 (RFC 7493); larger ones are tagged (see `Value`).
    long INTEGER_MAX = (1L << 53) - 1;

    record Obj(SortedMap<String, Json> members) implements Json {
        public Obj {
            if (!(members instanceof Members)) {
                var sorted = new TreeMap<String, Json>();      // in our order: copying a sorted map would keep its comparator
                sorted.putAll(members);
                members = new Members(sorted);
            }
        }

        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /// @throws MalformedPayload when the member is missing or not a string
        public String text(String name) {
            if (members.get(name) instanceof Str(var value)) return value;
            throw new MalformedPayload("member \"" + name + "\" must be a string");
        }

        public Optional<String> textIfPresent(String name) {
            return members.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
        }

        /// @throws MalformedPayload when the member is missing or not an integer
        public long integer(String name) {
            var value = members.get(name);
            if (value == null) throw new MalformedPayload("member \"" + name + "\" must be an integer");
            return value.asInteger();
        }

        /// @throws MalformedPayload when the member is missing or not an array
        public List<Json> array(String name) {
            if (members.get(name) instanceof Arr(var items)) return items;
            throw new MalformedPayload("member \"" + name + "\" must be an array");
        }

        /// The member as an array, empty when it is absent.
        public List<Json> arrayOrEmpty(String name) {
            return members.containsKey(name) ? array(name) : List.of();
        }

        /// @throws MalformedPayload when the member is missing or not an object
        public Obj object(String name) {
            if (members.get(name) instanceof Obj object) return object;
            throw new MalformedPayload("member \"" + name + "\" must be an object");
        }

        public Obj with(String name, Json value) {
            var copy = new TreeMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Str(String value) implements Json {}

    /// A number as JSON and JavaScript know it: a finite double. Negative zero becomes zero, because RFC 8785 spells both `0`.
    record Num(double value) implements Json {
        public Num {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("JSON has no " + value);
            value += 0.0;
        }
    }

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    static Json of(String value) {
        return new Str(value);
    }

    /// @throws IllegalArgumentException beyond ±[#INTEGER_MAX]
    static Json of(long value) {
        if (Math.abs(value) > INTEGER_MAX || value == Long.MIN_VALUE)
            throw new IllegalArgumentException(value + " is not exact as a JSON number");
        return new Num(value);
    }

    static Json of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Arr array(List<? extends Json> items) {
        return new Arr(List.copyOf(items));
    }

    static Arr array(Json... items) {
        return new Arr(List.of(items));
    }

    /// An object from name, value, name, value …; a null value leaves the member out.
    static Obj object(Object... namesAndValues) {
        var members = new TreeMap<String, Json>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            var value = namesAndValues[i + 1];
            if (value == null) continue;
            members.put((String) namesAndValues[i], switch (value) {
                case Json json -> json;
                case String text -> of(text);
                case Long number -> of(number);
                case Integer number -> of((long) number);
                case Boolean truth -> of(truth);
                default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
            });
        }
        return new Obj(members);
    }

    static Obj object(Map<String, ? extends Json> members) {
        return new Obj(new TreeMap<>(members));
    }

    /// @throws MalformedPayload when this is not an exact integer
    default long asInteger() {
        if (this instanceof Num(var value) && value == Math.rint(value) && Math.abs(value) <= INTEGER_MAX) return (long) value;
        throw new MalformedPayload("expected an integer");
    }

    /// @throws MalformedPayload when this is not a string
    default String asText() {
        if (this instanceof Str(var value)) return value;
        throw new MalformedPayload("expected a string");
    }

    /// @throws MalformedPayload when this is not an array
    default List<Json> asArray() {
        if (this instanceof Arr(var items)) return items;
        throw new MalformedPayload("expected an array");
    }

    /// @throws MalformedPayload when this is not an object
    default Obj asObject() {
        if (this instanceof Obj object) return object;
        throw new MalformedPayload("expected an object");
    }
}
