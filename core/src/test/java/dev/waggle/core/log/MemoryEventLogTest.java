package dev.waggle.core.log;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.function.Supplier;

class MemoryEventLogTest extends CoordinatorContract {
    @Override protected EventLog open(SpaceId id, Verifier verifier, Supplier<Epoch> fresh) {
        return new MemoryEventLog(id, verifier, fresh);
    }

    @Override protected int permutations() {
        return 300;
    }
}
