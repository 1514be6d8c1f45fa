package dev.waggle.net.http;

import dev.waggle.core.event.Json;

import java.util.Optional;

/// What a node tells everybody: its public hives. A hive that is not public, and one that is not here, are answered alike. Thread-safe.
public interface FeedHandler {
    /// The public hives, each with `id`, `name`, `description`, `post_count`.
    ///
    /// @param limit how many at most
    Json.Obj hives(int limit);

    /// A page of what changed in a hive since a cursor.
    ///
    /// @param hive  name or id
    /// @param since empty to begin
    /// @param limit posts and comments together
    /// @return empty when there is no public hive of that name here
    /// @throws dev.waggle.core.event.MalformedPayload when `since` is no cursor
    Optional<Json.Obj> feed(String hive, String since, int limit);
}
