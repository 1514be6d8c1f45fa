package dev.waggle.sync.engine;

import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Input;

/// Where inputs wait for the loop. Thread-safe.
interface Inbox {
    /// What others want: may be refused.
    ///
    /// @return false when the inbox is full; nothing is lost by it that is not asked for again
    boolean offer(Input input);

    /// What answers an effect, or tells that a connection ended: never refused. There are no more of them than effects under way.
    void answer(Input input);

    /// A log grew. Told once however often it grew meanwhile.
    void grown(SpaceId space);

    /// A connection handed over a frame that the full inbox could not take; it is taken from there as soon as there is room.
    void stalled(Port port);
}
