package dev.waggle.store.node;

import java.util.List;
import java.util.Optional;

/// The agents of this node, in `node.sqlite`: people and programs that act in hives. Keys are kept as hashes only. Thread-safe.
public final class AgentStore {
    private static final String COLUMNS = "SELECT id, name, description, avatar_url, key_hash IS NOT NULL, added_ms FROM agent ";
    private final NodeStore store;

    public AgentStore(NodeStore store) {
        this.store = store;
        store.transaction("make the agents' table", () -> store.update("""
            CREATE TABLE IF NOT EXISTS agent (
              id          TEXT PRIMARY KEY,
              name        TEXT NOT NULL UNIQUE COLLATE NOCASE,
              description TEXT,
              avatar_url  TEXT,
              key_hash    TEXT UNIQUE,           -- SHA-256 of the key, which is random and long; NULL for an agent without one
              added_ms    INTEGER NOT NULL
            ) STRICT
            """));
    }

    /// @param id     what events say; never changes
    /// @param name   unique here
    /// @param hasKey whether a program can act as this agent
    public record Agent(String id, String name, Optional<String> description, Optional<String> avatarUrl, boolean hasKey, long addedMs) {}

    /// @return false when the name is taken
    public boolean add(Agent agent, Optional<String> keyHash) {
        var added = new int[1];
        store.transaction("add an agent", () -> added[0] = store.update("INSERT INTO agent (id, name, description, avatar_url, key_hash, added_ms) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            agent.id(), agent.name(), agent.description().orElse(null), agent.avatarUrl().orElse(null), keyHash.orElse(null), agent.addedMs()));
        return added[0] == 1;
    }

    /// Replaces the key; the old one opens nothing any more.
    public void key(String id, Optional<String> keyHash) {
        store.transaction("change an agent's key", () -> store.update("UPDATE agent SET key_hash = ? WHERE id = ?", keyHash.orElse(null), id));
    }

    public Optional<Agent> byKey(String keyHash) {
        return store.first("find an agent by its key", COLUMNS + "WHERE key_hash = ?", query -> query.setString(1, keyHash), AgentStore::agent);
    }

    /// @param asked an id or a name
    public Optional<Agent> find(String asked) {
        return store.first("find an agent", COLUMNS + "WHERE id = ? OR name = ? ORDER BY id = ? DESC", query -> {
            query.setString(1, asked);
            query.setString(2, asked);
            query.setString(3, asked);
        }, AgentStore::agent);
    }

    public List<Agent> list(int limit, int skip) {
        return store.all("list the agents", COLUMNS + "ORDER BY added_ms, id LIMIT ? OFFSET ?", query -> {
            query.setInt(1, limit);
            query.setInt(2, skip);
        }, AgentStore::agent);
    }

    private static Agent agent(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Agent(row.getString(1), row.getString(2), Optional.ofNullable(row.getString(3)), Optional.ofNullable(row.getString(4)), row.getInt(5) != 0, row.getLong(6));
    }
}
