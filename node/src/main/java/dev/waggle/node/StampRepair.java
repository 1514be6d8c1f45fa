package dev.waggle.node;

import dev.waggle.sync.engine.StampDoubt;

import java.util.Collection;

/// Events that this node stamped with a wrong clock are held by the others; when the clock is right again they are written anew. One thread.
final class StampRepair {
    private final StampDoubt doubt = new StampDoubt();

    void look(Collection<SpaceRuntime> spaces, PeerNews news, long wallMs, long monotonicMs) {
        if (news.wasHeld()) doubt.raise();
        for (var space : spaces) if (space.holdsMore()) doubt.raise();
        if (!doubt.isDue(wallMs, monotonicMs, news.clockDoubt().isPresent(), news.clockConfirmed())) return;
        for (var space : spaces) if (!space.repairStamps(wallMs)) doubt.raise();
    }
}
