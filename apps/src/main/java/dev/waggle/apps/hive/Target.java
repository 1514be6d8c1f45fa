package dev.waggle.apps.hive;

/// A post or a comment.
///
/// @param id made by the node that wrote it, and beginning with the first [#PREFIX_CHARS] digits of that node's id: nobody can take another's
public record Target(Kind kind, String id) implements Comparable<Target> {
    public static final int PREFIX_CHARS = 16;

    public enum Kind {
        POST("post"), COMMENT("comment");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    public static Target post(String id) {
        return new Target(Kind.POST, id);
    }

    public static Target comment(String id) {
        return new Target(Kind.COMMENT, id);
    }

    @Override public int compareTo(Target other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }
}
