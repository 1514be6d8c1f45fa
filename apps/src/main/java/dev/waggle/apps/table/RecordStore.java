package dev.waggle.apps.table;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// Where a [TableView] keeps what it derived from a log. Everything in it can be dropped and replayed. One thread.
///
/// Records are numbered by the store. Transactions belong to the implementation: whoever opened the store commits it. Implementations:
/// [MemoryRecordStore] and `store.view.SqlRecordStore`; both pass `RecordStoreContract`.
public interface RecordStore {
    /// The offset of the last entry folded, 0 at first.
    long cursor();

    void cursor(long offset);

    Optional<EventLine> event(EventId id);

    /// Adds the line of an event that has none.
    void addEvent(EventLine line);

    /// Replaces the line of an event.
    void putEvent(EventLine line);

    /// Those of `chain` and `branch` with `fromSeq` <= seq <= `toSeq`, by seq. May be slow.
    List<EventLine> events(ChainId chain, int branch, long fromSeq, long toSeq);

    /// The line with the highest seq of each branch, by branch; their records may be left out.
    List<EventLine> tips(ChainId chain);

    OptionalLong find(RecordId id);

    /// False when nothing that `event` created can be known although it has no line yet: nobody referred to it.
    boolean isMentioned(EventId event);

    /// @param id not yet known
    /// @return its number; [#get] then answers [RecordState#unknown]
    long create(RecordId id);

    /// @throws IllegalArgumentException when no record has this number
    RecordState get(long number);

    /// What [RecordState#shown] of it says; cheaper.
    default Optional<SortedMap<String, Value>> shown(long number) {
        return get(number).shown();
    }

    void put(RecordState state);

    /// All changes of a record, in no particular order.
    List<Change> changes(long number);

    /// How many changes of a record there are.
    default long changesCount(long number) {
        return changes(number).size();
    }

    /// Some of a record's changes, in no particular order: where there are more than `max`, those that were added last.
    default List<Change> newestChanges(long number, int max) {
        var all = changes(number);
        return all.size() <= max ? all : all.subList(all.size() - max, all.size());
    }

    void add(long number, Change change);

    /// Replaces all changes of a record (their verdicts changed).
    void replace(long number, List<Change> changes);

    /// Numbers of records whose row refers to `parent`, ascending.
    List<Long> children(long parent);

    void link(long parent, long child);

    void unlink(long parent, long child);

    /// Who wants a unique key ([KeyBytes#claim]), ascending by number.
    List<Long> claimants(byte[] key);

    /// @return true when another record may want the key too
    boolean claim(byte[] key, long number);

    void unclaim(byte[] key, long number);

    /// All claims whose key begins with `prefix`, in order of their bytes, until `visitor` answers false. The visitor may read from the store.
    void forEachClaim(byte[] prefix, LongPredicate visitor);

    /// The claimants of the greatest key that begins with `prefix`.
    List<Long> lastClaimants(byte[] prefix);

    /// The numbers of all records of a table, deleted ones too, ascending. May be slow.
    void forEachOf(String table, LongConsumer visitor);

    /// Marks records that something is passed over of.
    void conflicted(long number, boolean yes);

    /// Marked records, ascending.
    List<Long> conflicted();

    /// Small named values: facts, quarantined events.
    Optional<byte[]> meta(String name);

    void putMeta(String name, byte[] value);

    SortedMap<String, byte[]> metas(String prefix);
}
