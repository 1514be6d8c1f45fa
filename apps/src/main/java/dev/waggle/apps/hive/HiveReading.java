package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;

import java.util.List;
import java.util.Optional;

/// What a hive's view holds, for those who decide. Rows are as of the view's cursor.
public interface HiveReading {
    int PAGE = 100;

    /// The changes of a record, newest first.
    ///
    /// @param below only those with a smaller stamp; empty for all
    /// @param max   how many
    List<Change> changes(String key, Optional<Stamp> below, int max);

    /// What an actor did, oldest first, after a moment.
    List<Change> by(Actor actor, Stamp after, int max);

    /// The newest change by the actor that counts and says what it is called: something it wrote, or its joining.
    Optional<Change> newestNamed(Actor actor);

    Optional<PostRow> post(String id);

    Optional<CommentRow> comment(String id);

    /// Ids of the comments that answer `parent`, in order of id.
    List<String> children(String parent, String afterId, int max);

    /// How an actor votes.
    ///
    /// @param value 1 or -1
    /// @param event that says so
    record Vote(int value, EventId event) {}

    Optional<Vote> vote(Target target, Actor voter);

    default int voteValue(Target target, Actor voter) {
        return vote(target, voter).map(Vote::value).orElse(0);
    }

    Totals totals(Target target);

    Optional<SettingRow> setting(String key);

    Optional<MemberRow> member(Actor agent);

    Optional<Snapshot> agent(Actor agent);
}
