package dev.waggle.apps.hive;

/// What a hive shows otherwise than before, for those who look at it now. A hint: the rows are the truth, and whoever missed some news reads on from its
/// cursor.
///
/// @param kind  what happened
/// @param id    of the post, comment, agent or setting
/// @param post  for a comment: its post, else empty
public record News(Kind kind, String id, String post) {
    public enum Kind {
        NEW_POST("new_post"), POST_CHANGED("post_changed"), NEW_COMMENT("new_comment"), COMMENT_CHANGED("comment_changed"), POST_SCORE("post_score"),
        COMMENT_SCORE("comment_score"), SETTING("setting_changed"), MEMBER("member_changed");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
