package dev.waggle.lab.mesh;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a node shows of its hive: the feeds as its REST gives them page by page, and digests of the tables that people may read with SQL. Without what is
/// said from a node's own point of view ("an author of mine").
final class Shown {
    private static final int PAGE = 500;
    private static final List<String> ORDERS = List.of("new", "top", "hot");
    private static final String AUTHOR = "coalesce(author_id, substr(remote_author_id, instr(remote_author_id, '/') + 1))";
    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
        "posts", "SELECT id, hive_id, " + AUTHOR + ", title, content, url, score, comment_count, sync_event_id, origin_instance_id, origin_post_id, created_at, updated_at FROM posts ORDER BY id",
        "comments", "SELECT id, post_id, parent_id, " + AUTHOR + ", content, depth, path, score, is_deleted, sync_event_id, origin_instance_id, created_at, updated_at FROM comments ORDER BY id",
        "votes", "SELECT id, agent_id, target_type, target_id, value, origin_instance_id FROM votes ORDER BY id",
        "memberships", "SELECT * FROM memberships ORDER BY agent_id, origin_instance_id",
        "hives", "SELECT * FROM hives"));

    private Shown() {}

    /// The digest of each table, and of the feed in each order.
    static Map<String, String> digests(HiveNode node) {
        var digests = new LinkedHashMap<String, String>();
        query(node, connection -> {
            for (var table : TABLES.entrySet()) {
                var digest = sha256();
                long rows = 0;
                try (var statement = connection.createStatement(); var row = statement.executeQuery(table.getValue())) {
                    for (; row.next(); rows++)
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) digest.update((row.getString(i) + "\u0000").getBytes(StandardCharsets.UTF_8));
                }
                digests.put(table.getKey(), rows + " rows, " + brief(digest));
            }
        });
        for (var order : ORDERS) digests.put("feed, " + order, feed(node, order));
        return digests;
    }

    private static String feed(HiveNode node, String order) {
        var digest = sha256();
        long posts = 0;
        for (var cursor = "";;) {
            var page = node.get("/api/v1/feed/all?sort=" + order + "&limit=" + PAGE + cursor);
            for (var each : page.array("data")) {
                digest.update(Canonical.bytes(each.asObject()));
                posts++;
            }
            if (!Json.TRUE.equals(page.get("has_more").orElseThrow())) return posts + " posts, " + brief(digest);
            cursor = "&cursor=" + page.text("cursor");
        }
    }

    /// The score of every post and comment, and its text, by id.
    static Map<String, Map.Entry<String, Integer>> items(HiveNode node) {
        var items = new HashMap<String, Map.Entry<String, Integer>>();
        query(node, connection -> {
            try (var statement = connection.createStatement(); var row = statement.executeQuery("SELECT id, title, score FROM posts UNION ALL SELECT id, content, score FROM comments")) {
                while (row.next()) items.put(row.getString(1), Map.entry(row.getString(2), row.getInt(3)));
            }
        });
        return items;
    }

    private interface Query {
        void ask(java.sql.Connection connection) throws SQLException;
    }

    private static void query(HiveNode node, Query query) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + node.spaceFolder().resolve("view-hive.sqlite") + "?mode=ro")) {
            query.ask(connection);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(node.name + ": " + e.getMessage(), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String brief(MessageDigest digest) {
        return Hex.of(digest.digest()).substring(0, 16);
    }
}
