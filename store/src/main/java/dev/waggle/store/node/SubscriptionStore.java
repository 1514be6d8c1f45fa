package dev.waggle.store.node;

import dev.waggle.core.event.NodeId;
import dev.waggle.store.node.Subscription.Status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The subscriptions of this node, in `node.sqlite`. What they brought is in [MirrorStore]. Thread-safe.
public final class SubscriptionStore {
    private static final String COLUMNS = """
        SELECT number, id, instance_url, instance_id, remote_hive_name, remote_hive_id, local_hive_name, sync_cursor, incarnation, generation, sync_interval_ms, status, last_sync_ms,
            last_error, failures, items, bytes, refused, created_ms, updated_ms FROM hive_sync_subscriptions
        """;
    private final NodeStore store;

    public SubscriptionStore(NodeStore store) {
        this.store = store;
    }

    /// @return false when there is one of this hive, or with this name
    public boolean add(String id, String url, String remoteHive, String localName, long intervalMs, long nowMs) {
        var added = new int[1];
        store.transaction("add a subscription", () -> added[0] = store.update("""
            INSERT INTO hive_sync_subscriptions (id, instance_url, remote_hive_name, local_hive_name, sync_interval_ms, status, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, 'active', ?, ?)
            ON CONFLICT DO NOTHING
            """, id, url, remoteHive, localName, intervalMs, nowMs, nowMs));
        return added[0] == 1;
    }

    public List<Subscription> list() {
        return store.all("list the subscriptions", COLUMNS + "ORDER BY number", _ -> {}, SubscriptionStore::read);
    }

    public Optional<Subscription> byId(String id) {
        return store.first("find a subscription", COLUMNS + "WHERE id = ?", query -> query.setString(1, id), SubscriptionStore::read);
    }

    public Optional<Subscription> named(String localName) {
        return store.first("find a subscription", COLUMNS + "WHERE local_hive_name = ?", query -> query.setString(1, localName), SubscriptionStore::read);
    }

    public void change(String id, Status status, long intervalMs, long nowMs) {
        store.transaction("change a subscription", () -> store.update("UPDATE hive_sync_subscriptions SET status = ?, sync_interval_ms = ?, updated_ms = ? WHERE id = ?", status.wire(), intervalMs, nowMs, id));
    }

    /// A poll brought everything. One that is paused stays so.
    public void worked(String id, long nowMs) {
        store.unhurried("record a poll", () -> store.update("""
            UPDATE hive_sync_subscriptions SET status = CASE status WHEN 'error' THEN 'active' ELSE status END, last_sync_ms = ?, last_error = '', failures = 0 WHERE id = ?
            """, nowMs, id));
    }

    /// A poll failed.
    ///
    /// @param error true when it is one too many
    public void failed(String id, String why, int failures, boolean error) {
        store.unhurried("record a poll", () -> store.update("""
            UPDATE hive_sync_subscriptions SET status = CASE WHEN status = 'active' AND ? = 1 THEN 'error' ELSE status END, last_error = ?, failures = ? WHERE id = ?
            """, error ? 1 : 0, why, failures, id));
    }

    /// Forgets it; what it brought is removed by [MirrorStore#removeOrphans].
    public void remove(String id) {
        store.transaction("forget a subscription", () -> store.update("DELETE FROM hive_sync_subscriptions WHERE id = ?", id));
    }

    private static Subscription read(ResultSet row) throws SQLException {
        return new Subscription(row.getLong(1), row.getString(2), row.getString(3), Optional.ofNullable(row.getString(4)).map(NodeId::new), row.getString(5), Optional.ofNullable(row.getString(6)),
            row.getString(7), row.getString(8), row.getString(9), row.getLong(10), row.getLong(11), Status.of(row.getString(12)), row.getLong(13), row.getString(14), row.getInt(15),
            row.getLong(16), row.getLong(17), row.getLong(18), row.getLong(19), row.getLong(20));
    }
}
