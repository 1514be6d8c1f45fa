package dev.waggle.store.node;

import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.NodeId;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;

import java.util.List;

/// What a public hive's node said is new, after it was checked.
///
/// @param gone    what is no post or comment any more
/// @param refused how many items were not what they should be
/// @param why     the first of them was refused; may be empty
public record RemotePage(NodeId instance, String hiveId, String incarnation, List<ShownPost> posts, List<ShownComment> comments, List<Target> gone, String cursor, boolean more,
                         int refused, String why) {
    public RemotePage {
        posts = List.copyOf(posts);
        comments = List.copyOf(comments);
        gone = List.copyOf(gone);
    }

    public boolean isEmpty() {
        return posts.isEmpty() && comments.isEmpty() && gone.isEmpty() && refused == 0;
    }
}
