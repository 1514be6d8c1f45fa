package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;

import java.sql.SQLException;
import java.util.List;

/// Writes whole tables of the view into the file: into a new file, for a table that was not followed before, or for a column that the file got.
final class Fill {
    private static final int FILL_ROWS = 1_000;
    private static final int FILL_ROWS_ALONE = 16_384;
    private static final int FILL_BYTES = 4 << 20;

    private final Follower follower;

    Fill(Follower follower) {
        this.follower = follower;
    }

    /// Writes rows of the view into the file, some at a time.
    ///
    /// @param missingOnly leaves rows alone that the file has under their key
    void run(String table, boolean missingOnly, Progress progress) throws SQLException {
        var sql = follower.tables.get(table);
        if (follower.hasPending()) follower.applyRound();                  // a row that is kept out may still hold a unique value in the file
        var page = new RowWriter.Wanted();
        long[] done = {0};
        long[] bytes = {0};
        int rowsMax = follower.lockTime.isAlone() ? FILL_ROWS_ALONE : FILL_ROWS;
        follower.view.table().forEachShownRow(table, (key, row) -> {
            page.stands(sql.table().at(row), row);
            bytes[0] += ChangeSetCodec.bytes(row);
            if (page.rows().size() < rowsMax && bytes[0] < FILL_BYTES) return true;
            done[0] += page.rows().size();
            bytes[0] = 0;
            fillPage(page, sql, missingOnly);
            progress.at(table, done[0], 0);
            return true;
        });
        done[0] += page.rows().size();
        fillPage(page, sql, missingOnly);
        if (follower.hasPending()) follower.applyRound();
        progress.at(table, done[0], done[0]);
    }

    /// Writes a page while nothing is folded. When a program wrote meanwhile, that is drained first, and the page is what then is shown.
    private void fillPage(RowWriter.Wanted page, TableSql sql, boolean missingOnly) {
        var keys = List.copyOf(page.rows().keySet());
        if (keys.isEmpty()) return;
        if (!written(page, missingOnly)) {
            for (var key : keys) {
                var missing = !missingOnly || follower.file.snapshot(() -> !sql.exists(key.key()));
                if (missing) follower.should(key, follower.view.table().shown(key.table(), key.key()));
            }
            follower.applyRound();
        }
        page.rows().clear();
    }

    private boolean written(RowWriter.Wanted page, boolean missingOnly) {
        follower.lockTime.leaveRoom();
        var file = follower.file;
        boolean written = file.locked(() -> {
            follower.lockTime.begin();
            if (QueueTable.newest(file, follower.state.fileId()).queueId() > follower.cursor.queueId()) return false;
            follower.written(new RowWriter(file, follower.tables, follower.userTriggers).fill(page.rows(), missingOnly));
            return true;
        });
        follower.lockTime.end(0, 0);
        return written;
    }
}
