package dev.waggle.node.explain;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Standing;
import dev.waggle.core.log.Verdict;
import dev.waggle.store.node.ArrivalStore;

import java.util.List;
import java.util.Optional;

/// What a node knows of one event.
///
/// @param author  in whose name its node wrote it; empty where the event says nothing of that
/// @param place   in the log; empty while it waits
/// @param records what it changed, of the first [#RECORDS_MAX]
/// @param changed how many records it changed
/// @param quarantined why it has no effect although it counts
public record EventFacts(Names names, SpaceId space, String spaceName, Event event, Optional<String> author, Optional<Place> place, Optional<Waits> waits, Optional<View> view,
                         List<RecordFacts> records, int changed, Optional<String> quarantined, Optional<String> caution) {
    /// Of a change of a thousand rows so many are told of.
    static final int RECORDS_MAX = 10;

    public EventFacts {
        records = List.copyOf(records);
    }

    /// An event that the log holds.
    ///
    /// @param cause   the event that the log's verdict comes from, for one that is void
    /// @param holders of the first [Holders#MEMBERS_MAX] other members
    /// @param others  how many other members there are
    /// @param forked  its author wrote two different events at one place of the chain
    /// @param lastOffset the end of the log
    public record Place(long offset, Verdict verdict, Standing standing, Optional<Event> cause, Cover cover, ArrivalStore.Arrived arrived, List<Holder> holders, long others, boolean forked,
                        long lastOffset) {}

    /// An event that came and is not in the log yet.
    ///
    /// @param sinceMs when it came, or was first seen to wait; empty when that is not known
    public sealed interface Waits {
        Optional<Long> sinceMs();

        /// @param chunks pieces of large values that it names and that are not here
        record For(List<EventRef> parents, List<EventId> control, List<ChunkId> chunks, Optional<Long> sinceMs) implements Waits {}

        /// Its stamp lies too far ahead of this node's clock.
        record Time(long untilMs, Optional<Long> sinceMs) implements Waits {}
    }

    /// What shows the space here.
    ///
    /// @param name    a file, or a kind of view
    /// @param applied it has what the log says up to this event
    /// @param trouble why it does not follow the log, if it does not
    public record View(String name, boolean applied, String trouble) {}
}
