package dev.waggle.lab.mesh;

/// How much is written. The build writes little; `-Dposts=10000 -Dcomments=50000 -Dvotes=200000 -Dpatience=1800` writes as much as a forum does in years.
///
/// @param programs on each node, each an agent of its own that writes one thing after another
record Size(int posts, int comments, int votes, int programs) {
    static Size asked() {
        return new Size(Integer.getInteger("posts", 60), Integer.getInteger("comments", 300), Integer.getInteger("votes", 1_200), Integer.getInteger("programs", 2));
    }

    int all() {
        return posts + comments + votes;
    }

    /// So large that a node compiles its code twice, as the launcher lets it.
    boolean isLong() {
        return all() > 20_000;
    }
}
