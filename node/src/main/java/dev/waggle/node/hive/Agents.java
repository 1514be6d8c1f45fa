package dev.waggle.node.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;
import dev.waggle.node.Node;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.AgentStore;
import dev.waggle.store.node.AgentStore.Agent;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who acts in hives on this node. A key is made here, shown once, and kept as a hash: it is 256 random bits, so one round of SHA-256 is enough.
/// It opens the hives' routes of this node and signs nothing: the node signs.
public final class Agents {
    public static final String KEY_PREFIX = "waggle_agent_";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int DESCRIPTION_MAX = 500;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]{0,39}");

    private final Node node;
    private final AgentStore store;

    Agents(Node node) {
        this.node = node;
        this.store = new AgentStore(node.store());
    }

    /// @param key what its programs send as `Authorization: Bearer …`; told now and never again
    public record Made(Agent agent, Optional<String> key) {}

    public Made make(String name, Optional<String> description, Optional<String> avatarUrl, boolean withKey) {
        if (!NAME.matcher(name).matches())
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no name for an agent.", "Use 1 to 40 letters, digits, _, - and ., beginning with a letter or digit.");
        if (description.filter(text -> text.length() > DESCRIPTION_MAX).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "The description is longer than " + DESCRIPTION_MAX + " characters.", "Shorten it.");
        if (avatarUrl.filter(url -> url.length() > 2_000 || !url.matches("https?://[^\\s\\p{Cntrl}]+")).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "The avatar is no link.", "A link begins with https:// or http://.");
        var key = withKey ? Optional.of(freshKey()) : Optional.<String>empty();
        var agent = new Agent("a" + Hex.of(node.random(ID_BYTES)), name, description, avatarUrl, withKey, node.settings().clock().wallMs());
        if (!store.add(agent, key.map(Agents::hash))) throw new Problem(ErrorCode.BAD_REQUEST, "There is an agent with this name already.", "Choose another name.");
        return new Made(agent, key);
    }

    /// A new key for an agent; the old one is void at once.
    public Made renewKey(String asked) {
        var agent = get(asked);
        var key = freshKey();
        store.key(agent.id(), Optional.of(hash(key)));
        return new Made(agent, Optional.of(key));
    }

    public void revokeKey(String asked) {
        store.key(get(asked).id(), Optional.empty());
    }

    private String freshKey() {
        return KEY_PREFIX + Hex.of(node.random(KEY_BYTES));
    }

    private static String hash(String key) {
        return Hex.of(Sha256.of(key.getBytes(StandardCharsets.UTF_8)));
    }

    /// Whose key this is.
    public Optional<Agent> byKey(String key) {
        return key.startsWith(KEY_PREFIX) ? store.byKey(hash(key)) : Optional.empty();
    }

    public Agent get(String asked) {
        return store.find(asked).orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "This node has no such agent.", "`GET /api/v1/agents` lists them, `POST /api/v1/agents` makes one."));
    }

    public List<Agent> list(int limit, int skip) {
        return store.list(limit, skip);
    }

    /// As events say who it is.
    public Snapshot snapshot(Agent agent) {
        return new Snapshot(new Actor(node.id(), agent.id()), Optional.of(agent.name()), agent.avatarUrl());
    }
}
