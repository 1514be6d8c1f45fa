package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// A record that changes since the last settling: as it was then, and as it is becoming.
final class Touched {
    final long number;
    final RecordState before;
    /// Created since: nothing but what is touched too can refer to it or compete with it through the store.
    final boolean fresh;
    /// Its changes must be folded from the beginning.
    boolean refold;
    Folded folded;
    RecordState.Settled settled;
    boolean alive;
    boolean keptOut;
    Optional<SortedMap<String, Value>> wanted = Optional.empty();
    List<byte[]> claims = List.of();
    boolean claimsChanged;

    Touched(RecordState before, boolean fresh) {
        this.number = before.number();
        this.before = before;
        this.fresh = fresh;
        this.folded = before.folded();
        this.settled = before.settled();
        this.alive = before.isAlive();
    }

    RecordState now() {
        return new RecordState(number, before.id(), folded, settled);
    }
}
