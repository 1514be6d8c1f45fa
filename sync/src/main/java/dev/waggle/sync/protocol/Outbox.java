package dev.waggle.sync.protocol;

import java.util.ArrayList;
import java.util.List;

/// The effects of one step, in the order in which they were decided. Nothing more is sent on a connection that is being closed.
final class Outbox {
    private final List<Effect> effects = new ArrayList<>();

    void add(Effect effect) {
        effects.add(effect);
    }

    void send(Link link, Frame frame) {
        if (!link.closing) add(new Effect.Send(link.connection, frame));
    }

    void end(Link link, String code, String message) {
        if (link.closing) return;
        link.closing = true;
        add(new Effect.Close(link.connection, code, message));
    }

    void alarm(Alarm alarm, long atMs) {
        add(new Effect.SetAlarm(alarm, atMs));
    }

    void tell(Notice notice) {
        add(new Effect.Tell(notice));
    }

    List<Effect> take() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }
}
