package dev.waggle.node.setting;

import dev.waggle.core.event.Json;

import java.util.List;

/// A member of `settings.json` that may be changed while the node runs.
///
/// @param path      its members from the outside in
/// @param otherwise what holds while the file does not say it
/// @param says      what it is for, in one sentence
record Setting(List<String> path, Kind kind, Json otherwise, String says) {
    enum Kind { FLAG, NUMBER, TEXT, TEXTS }

    String name() {
        return String.join(".", path);
    }

    /// In the order in which people are shown them.
    static final List<Setting> ALL = List.of(
        new Setting(List.of("board", "node_name"), Kind.TEXT, Json.NULL, "How this node calls itself on boards. Empty: the beginning of its id. Its hub hears of a change at the next start."),
        new Setting(List.of("board", "public_url"), Kind.TEXT, Json.NULL, "Where people on other machines find this node’s log lines: an address that begins with https://."),
        new Setting(List.of("addresses"), Kind.TEXTS, Json.array(), "What invitations name, as host:port. Empty: where this node listens."),
        new Setting(List.of("board", "offline_after_hours"), Kind.NUMBER, Json.of(24L), "A linked project that met no other node for so many hours is said to be out of touch."),
        new Setting(List.of("sync", "alert_lag"), Kind.NUMBER, Json.of(1_000L), "A peer that lacks more events than this is told of once. 0: never."),
        new Setting(List.of("sync", "alert_webhook"), Kind.TEXT, Json.NULL, "Where alerts are posted as JSON. Empty: nowhere. Of an address that is set only the host is shown: the rest may be a secret."),
        new Setting(List.of("sync", "allowed_ranges"), Kind.TEXTS, Json.array(), "Who may open connections, such as 100.64.0.0/10. Empty: everybody. A filter, never proof of who somebody is."),
        new Setting(List.of("sync", "push_rate"), Kind.NUMBER, Json.of(100L), "Events a second that a member may push over HTTP."),
        new Setting(List.of("sync", "subscription_interval"), Kind.NUMBER, Json.of(60_000L), "How often a mirrored public hive is asked, in milliseconds, where its subscription does not say."),
        new Setting(List.of("compaction", "automatic"), Kind.FLAG, Json.TRUE, "Logs are made small by themselves."),
        new Setting(List.of("compaction", "retention_days"), Kind.NUMBER, Json.of(90L), "What lies below a checkpoint of so many days is condensed."),
        new Setting(List.of("compaction", "checkpoint_days"), Kind.NUMBER, Json.of(7L), "The node that writes checkpoints writes one when the last is older than so many days …"),
        new Setting(List.of("compaction", "checkpoint_events"), Kind.NUMBER, Json.of(10_000L), "… and more than so many entries came since."));
}
