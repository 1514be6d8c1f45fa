package dev.waggle.store.hive;

import dev.waggle.apps.hive.CommentRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Totals;

/// A comment with all that is shown beside it.
public record ShownComment(CommentRow comment, Snapshot author, Totals totals) {}
