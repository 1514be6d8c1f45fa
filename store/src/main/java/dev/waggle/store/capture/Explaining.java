package dev.waggle.store.capture;

import dev.waggle.apps.table.KeyText;
import dev.waggle.apps.table.RowStory;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.event.EventId;
import dev.waggle.core.record.Value;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Looks at a followed file, its queue and its view for one row or event, and changes nothing. Called by the thread that owns them.
final class Explaining {
    private static final int QUEUE_LOOKED_MAX = 65_536;

    private final Follower follower;

    Explaining(Follower follower) {
        this.follower = follower;
    }

    RowsExplained rows(String table, List<String> words, String trouble) throws SQLException {
        var schema = Optional.ofNullable(follower.view.table().schemas().get(table));
        var here = Optional.ofNullable(follower.tables.get(table));
        var known = schema.or(() -> here.map(sql -> sql.table().schema()));
        if (known.isEmpty() || known.get().key().size() != words.size()) return new RowsExplained(known, List.of(), RowsExplained.InFile.NO_TABLE, List.of(), 0, 0, trouble, Optional.empty(), 0);
        var keys = KeyText.keys(known.get(), words);
        var stories = schema.isEmpty() ? List.<RowStory>of() : keys.stream().map(key -> follower.view.table().explain(table, key)).filter(found -> !found.isEmpty()).findFirst().orElse(List.of());
        var behind = follower.log.state().lastOffset() - follower.folded;
        if (here.isEmpty()) return new RowsExplained(schema, stories, RowsExplained.InFile.NO_TABLE, List.of(), 0, 0, trouble, Optional.empty(), behind);
        return inFile(here.get(), known.get(), keys, stories, trouble, behind);
    }

    private RowsExplained inFile(TableSql table, TableSchema schema, List<List<Value>> keys, List<RowStory> stories, String trouble, long behind) throws SQLException {
        var wanted = new HashSet<RowKey>();
        for (var key : keys) wanted.add(table.table().at(key));
        for (var story : stories) if (!story.key().isEmpty()) wanted.add(table.table().at(story.key()));
        var file = follower.file;
        return file.snapshot(() -> {
            var shown = stories.stream().map(RowStory::key).filter(key -> !key.isEmpty()).map(key -> follower.view.table().shown(schema.name(), key)).flatMap(Optional::stream).findFirst();
            var key = shown.map(table.table()::keyOf).orElse(keys.getFirst());
            boolean same = follower.agree(table.row(key), shown);
            long depth = QueueTable.depth(file.connection(), follower.cursor.queueId());
            var queue = depth == 0 ? List.<QueueTable.Queued>of() : QueueTable.read(file, follower.cursor.queueId(), QUEUE_LOOKED_MAX);
            var queued = queue.stream().filter(row -> speaksOf(row, table, wanted)).map(QueueTable.Queued::operation).toList();
            var refused = follower.refused.stream().filter(row -> wanted.contains(row.row())).map(RowWriter.Refused::reason).findFirst();
            return new RowsExplained(Optional.of(schema), stories, same ? RowsExplained.InFile.AS_SHOWN : RowsExplained.InFile.OTHERWISE, queued, queue.size(), depth, trouble, refused, behind);
        });
    }

    private static boolean speaksOf(QueueTable.Queued row, TableSql table, HashSet<RowKey> wanted) {
        if (!row.table().equals(table.table().name())) return false;
        int parts = table.table().schema().key().size();
        return wanted.contains(table.table().at(row.key().subList(0, parts))) || row.operation().equals("UPDATE") && wanted.contains(table.table().at(row.oldKey().subList(0, parts)));
    }

    EventExplained event(EventId event, long offset, int storiesMax, String trouble) {
        var effects = follower.view.table().explain(event, storiesMax);
        return new EventExplained(effects, effects.folded() && !follower.hasPending() && (follower.folded >= offset || follower.isAhead(offset)), trouble);
    }
}
