package dev.waggle.apps.hive;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;

import java.util.List;

/// Where a [HiveView] keeps what it derived from a log. Everything in it can be dropped and replayed. One thread; the transaction belongs to whoever
/// opened the store. Implementation: `store.hive.SqlHiveStore`.
public interface HiveStore extends HiveReading {
    /// The offset of the last entry folded, 0 at first.
    long cursor();

    void cursor(long offset);

    /// The control events folded, in the order in which they came.
    List<Event> control();

    void addControl(Event event);

    /// @return false when it is there already
    boolean add(Change change);

    /// @return false when there is no such change, or it had this verdict
    boolean counts(String key, Stamp stamp, boolean counts);

    void put(PostRow post);

    /// @param offset of the entry by which it is no post any more
    void removePost(String id, long offset);

    void put(CommentRow comment);

    /// @param offset of the entry by which it is no comment any more
    void removeComment(String id, long offset);

    /// @param value 1, -1, or 0 to remove it
    void putVote(Target target, Actor voter, int value, Stamp stamp);

    /// Writes the target's totals, and what is sorted by them, into its row. Each is summed up anew from the votes and comments of the buckets that
    /// changed, so nothing is ever added to a number that may be wrong.
    ///
    /// @param offset of the entry that changed them: the row is said to have changed there, if they are others
    void writeTotals(Target target, long offset);

    void put(SettingRow setting);

    void removeSetting(String key);

    void put(MemberRow member);

    void removeMember(Actor agent);

    void putAgent(Snapshot agent, Stamp seen);

    void removeAgent(Actor agent);

    /// An event of a type of ours that is malformed: it has no effect anywhere.
    void quarantine(EventId event, String type, String why);
}
