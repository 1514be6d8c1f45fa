package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One term of a board's sequence: whose stamps count in it, and up to which.
///
/// The namings of a board form one line. Each replaces the one that its author knew and has its term + 1; of several that replace the same one the smallest id
/// counts, and nothing that the others' nodes stamp. It is for the owner to name; who sequences may say that nobody does any more, unless the owner, who did not know, names another.
///
/// @param node empty while nobody sequences the board
/// @param last the highest sequence number that counts: stamps that the next naming did not know are void
public record Tenure(long term, Optional<NodeId> node, long last) {
    /// The line, oldest first. Its last term is the present one.
    static List<Tenure> line(BoardReading reading) {
        var line = new ArrayList<Tenure>();
        for (var naming = following(reading, Optional.empty()); naming.isPresent(); ) {
            var now = naming.get();
            naming = following(reading, naming);
            line.add(new Tenure(now.term(), now.node(), naming.map(Naming::last).orElse(Long.MAX_VALUE)));
        }
        return line;
    }

    /// The naming that counts now.
    static Optional<Naming> lastNaming(BoardReading reading) {
        var last = Optional.<Naming>empty();
        for (var next = following(reading, last); next.isPresent(); next = following(reading, next)) last = next;
        return last;
    }

    private static Optional<Naming> following(BoardReading reading, Optional<Naming> before) {
        long term = before.map(Naming::term).orElse(0L) + 1;
        var after = Optional.<EventId>empty();
        var resigned = Optional.<Naming>empty();
        for (;;) {
            var page = reading.namings(before.map(Naming::id), after, BoardReading.PAGE);
            for (var naming : page) {
                if (!naming.counts() || naming.term() != term) continue;
                if (naming.byOwner()) return Optional.of(naming);
                if (resigned.isEmpty() && naming.node().isEmpty() && before.flatMap(Naming::node).equals(Optional.of(naming.stamp().origin()))) resigned = Optional.of(naming);
            }
            if (page.size() < BoardReading.PAGE) return resigned;
            after = Optional.of(page.getLast().id());
        }
    }
}
