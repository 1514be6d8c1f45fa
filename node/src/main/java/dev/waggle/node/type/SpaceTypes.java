package dev.waggle.node.type;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// The kinds of space that this program knows beside `table`.
public final class SpaceTypes {
    private static final Map<String, SpaceType> KNOWN = new TreeMap<>();

    static {
        for (var type : ServiceLoader.load(SpaceType.class)) KNOWN.putIfAbsent(type.name(), type);
    }

    private SpaceTypes() {}

    public static Optional<SpaceType> find(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }
}
