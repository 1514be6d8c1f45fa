package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a hub answers over `/api/v1/map`: which nodes ("swarms") there are, which hives they take part in, and where they can be reached. Thread-safe.
/// The registry says where somebody is. Who may read a hive its log decides, at each node.
public interface MapV1Handler {
    /// A node as it registered itself.
    ///
    /// @param mapTransport `websocket`, `http-sse` or `ndjson`
    /// @param authMethod   how its MAP endpoint knows callers
    /// @param capabilities `hive_sync` among them
    /// @param syncEndpoint `https://host:port/sync/v1`; empty when nobody can reach it
    record Swarm(NodeId id, String name, String mapEndpoint, String mapTransport, String authMethod, long agentCount, Json.Obj capabilities, Json.Obj metadata,
                 String syncEndpoint) {}

    /// @param status      `online`, or `offline` when no heartbeat came for long
    /// @param sharedHives hives that it and the asker take part in, sorted
    record Peer(Swarm swarm, String status, List<String> sharedHives) {}

    /// The swarm registers, or registers again: the token it had before is then worth nothing.
    ///
    /// @param key       the hub's registration key
    /// @param statement `waggle-swarm/1`: the node's word that it wants to be registered with this endpoint, so nobody registers another's id
    /// @return its token; empty when the key or the statement is no good, whatever the reason
    Optional<String> register(String key, Swarm swarm, byte[] statement, byte[] signature);

    /// Whose token this is.
    Optional<NodeId> swarm(String token);

    Optional<Swarm> find(NodeId swarm);

    /// Replaces what the swarm said of itself.
    void update(Swarm swarm);

    void remove(NodeId swarm);

    /// @return false when it takes part in too many
    boolean join(NodeId swarm, String hive);

    void leave(NodeId swarm, String hive);

    List<String> hives(NodeId swarm);

    /// The swarm is alive.
    void heartbeat(NodeId swarm);

    /// Everybody who shares a hive with the swarm.
    List<Peer> peers(NodeId swarm);

    /// Tells `events` of what happens in the swarm's hives, until closed: objects with `type` (`swarm_joined_hive`, `swarm_left_hive`, `swarm_online`, `swarm_offline`),
    /// `swarm_id`, `hive_name`. Calls must return at once.
    Runnable listen(NodeId swarm, Consumer<Json.Obj> events);
}
