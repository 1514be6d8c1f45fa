package dev.waggle.store.hive;

import dev.waggle.apps.hive.PostRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Totals;

/// A post with all that is shown beside it.
public record ShownPost(PostRow post, Snapshot author, Totals totals, long hot) {}
