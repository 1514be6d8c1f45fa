package dev.waggle.apps.board;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;

/// Where a [BoardView] keeps what it derived from a log. Everything in it can be dropped and replayed. One thread; the transaction belongs to whoever
/// opened the store. Implementation: `store.board.SqlBoardStore`.
public interface BoardStore extends BoardReading {
    void cursor(long offset);

    /// The control events folded, in the order in which they came.
    List<Event> control();

    void addControl(Event event);

    void add(Change change);

    void add(Claim claim);

    void add(Effect effect);

    void add(LogEntry lines);

    void add(Notice notice);

    void add(Naming naming);

    void add(Stamp stamp, BoardChange.Sequenced sequenced, boolean counts);

    /// Writes down who sequenced the board when, in place of what it was before.
    void tenures(List<Tenure> tenures);

    /// The task of an event that changes one.
    Optional<String> taskOf(EventId event);

    /// Tasks with conflicts, or with claims that follow the same one, in order of id: what is shown of others does not depend on any sequence.
    List<String> contested(String afterId, int max);

    boolean isContested(String task);

    /// Writes the log's new verdict on an event wherever it was added.
    void counts(Event event, List<Field> fields, String task, boolean counts);

    /// Forgets which claims of a task stand: what follows says it anew.
    void noneStands(String task);

    /// @param limit what was done under it after this moment is refused; empty while it goes on
    void stands(Claim claim, Optional<Hlc> limit);

    void put(TaskRow task);

    void removeTask(String id);

    void putConflicts(String task, List<ConflictRow> conflicts);

    /// An event of a type of ours that is malformed: it has no effect anywhere.
    void quarantine(EventId event, String type, String why);
}
