package dev.waggle.node.setting;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A settings file as a value and as text that people can go on editing.
final class SettingsText {
    private static final String INDENT = "  ";

    private SettingsText() {}

    static Optional<Json> at(Json.Obj file, List<String> path) {
        var found = file.get(path.getFirst());
        if (path.size() == 1 || found.isEmpty()) return found;
        return found.get() instanceof Json.Obj inner ? at(inner, path.subList(1, path.size())) : Optional.empty();
    }

    /// The same with one member changed, or without it for [Json#NULL]; what holds nothing any more goes, too.
    static Json.Obj with(Json.Obj file, List<String> path, Json value) {
        var members = new TreeMap<>(file.members());
        var name = path.getFirst();
        if (path.size() > 1) {
            var inner = with(file.get(name).isPresent() ? file.object(name) : Json.object(), path.subList(1, path.size()), value);
            if (inner.members().isEmpty()) members.remove(name);
            else members.put(name, inner);
        } else if (value instanceof Json.Null) members.remove(name);
        else members.put(name, value);
        return new Json.Obj(members);
    }

    static String of(Json.Obj file) {
        return indented(file, "") + "\n";
    }

    private static String indented(Json json, String indent) {
        if (!(json instanceof Json.Obj(var members)) || members.isEmpty()) return text(json);
        var inner = indent + INDENT;
        return members.entrySet().stream().map(each -> inner + text(Json.of(each.getKey())) + ": " + indented(each.getValue(), inner)).collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
    }

    private static String text(Json json) {
        return new String(Canonical.bytes(json), StandardCharsets.UTF_8);
    }
}
