package dev.waggle.store.hive;

/// An order of posts or comments, and where in it a page begins.
public enum Sort {
    NEW("created_ms"), TOP("score"), HOT("hot");

    final String column;

    Sort(String column) {
        this.column = column;
    }

    /// The last row of the page before: the next one is strictly behind it.
    ///
    /// @param value of the column that is sorted by
    public record After(long value, String id) implements Comparable<After> {
        @Override public int compareTo(After other) {
            int byValue = Long.compare(other.value, value);               // greatest first
            return byValue != 0 ? byValue : other.id.compareTo(id);
        }
    }

    public After after(ShownPost post) {
        return new After(switch (this) {
            case NEW -> post.post().createdMs();
            case TOP -> post.totals().score();
            case HOT -> post.hot();
        }, post.post().id());
    }
}
