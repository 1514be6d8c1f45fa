package dev.waggle.apps.hive;

/// How an agent stands to the hive.
///
/// @param joined    by its own word
/// @param banned    what it writes after that has no effect
/// @param moderator may remove, restore, ban, and change settings
/// @param sinceMs   of the last change of any of these
public record MemberRow(Actor agent, boolean joined, boolean banned, boolean moderator, long sinceMs) {
    public String status() {
        return banned ? "banned" : joined ? "joined" : "left";
    }
}
