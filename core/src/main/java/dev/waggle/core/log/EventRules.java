package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.Optional;

/// What can be said of one event alone, without knowing any other.
final class EventRules {
    /// The top-level member that lists the events an event refers to; a rebase maps them to what is written anew.
    static final String IDS = "ids";
    /// In `rebase`, and in `epoch_opened` when the chain continues an epoch that may not go on.
    static final String OLD_EPOCH = "old_epoch";
    private static final long LEAP_MS = 24L * 3_600_000;

    private EventRules() {}

    /// Why this event is refused by everybody, whatever else they know.
    static Optional<Admission.Reason> refusal(Event event, SpaceId space, Verifier verifier) {
        var envelope = event.envelope();
        if (!event.space().equals(space)) return Optional.of(Admission.Reason.WRONG_SPACE);
        if (!verifier.isValidKey(event.chain().origin())) return Optional.of(Admission.Reason.BAD_KEY);
        if (envelope.isGenesis() || event.type().equals(ControlType.GENESIS)) return isGenesis(event) ? Optional.empty() : Optional.of(Admission.Reason.BAD_GENESIS);
        if (envelope.control().isEmpty()) return Optional.of(Admission.Reason.NOT_ALLOWED);
        try {
            if (ControlType.isControl(event.type())) {
                var control = ControlEvent.of(event);
                if (control.is(ControlType.CHECKPOINT)) Checkpoint.of(event);
                if (!control.subject().filter(subject -> !verifier.isValidKey(subject)).isEmpty() || !control.to().filter(to -> !verifier.isValidKey(to)).isEmpty())
                    return Optional.of(Admission.Reason.BAD_CONTROL);
            } else if (event.type().equals(ControlType.REBASE)) Rebase.of(event);
        } catch (MalformedPayload | IllegalArgumentException _) {
            return Optional.of(Admission.Reason.BAD_CONTROL);
        }
        return Optional.empty();
    }

    private static boolean isGenesis(Event event) {
        try {
            return Genesis.isWellFormed(event);
        } catch (MalformedPayload _) {
            return false;
        }
    }

    /// The epoch that a chain beginning with `first` continues.
    static Optional<Epoch> continues(Event first) {
        boolean opens = first.type().equals(ControlType.REBASE) || first.type().equals(ControlType.EPOCH_OPENED);
        if (!opens || !(first.body().members().get(OLD_EPOCH) instanceof Json.Str(var hex)) || !Hex.isLower(hex, 32)) return Optional.empty();
        return Optional.of(new Epoch(hex));
    }

    /// True when a run should have a signature before this event, so that what follows can wait or be refused alone: it needs something
    /// from outside its chain, or decides about the space.
    static boolean beginsRun(Event event, Event before) {
        Envelope envelope = event.envelope();
        return !envelope.merges().isEmpty() || !envelope.control().equals(Branch.controlAfter(before)) || ControlType.isControl(event.type())
            || ControlType.isControl(before.type()) || !event.chunks().isEmpty();
    }

    /// True when an author's clock went on by more than a day between two of its events. Rare, and where clocks are years wrong a rebase will name the first one.
    static boolean leaps(Event event, Event before) {
        return event.envelope().ts().wallMs() - before.envelope().ts().wallMs() > LEAP_MS;
    }

    static boolean isEarly(Event event, long nowMs) {
        return event.envelope().ts().wallMs() - EventLog.FUTURE_MS_MAX > nowMs;
    }

    /// The members of a rebase: events of `chain` that are not `last` or one of its chain ancestors are void.
    ///
    /// @param last absent when the whole chain is void
    record Rebase(ChainId chain, Optional<EventRef> last) {
        /// @throws MalformedPayload when a member is missing or wrong, or it is not the first event of its epoch
        static Rebase of(Event event) {
            var body = event.body();
            var old = new ChainId(event.chain().origin(), new Epoch(body.text(OLD_EPOCH)));
            long seq = body.integer("seq");
            if (event.seq() != 1 || old.equals(event.chain())) throw new MalformedPayload("a rebase is the first event of a new epoch");
            if (seq < 0 || (seq == 0) != body.get("id").isEmpty()) throw new MalformedPayload("a rebase names an event or the whole epoch");
            return new Rebase(old, seq == 0 ? Optional.empty() : Optional.of(new EventRef(new EventId(body.text("id")), old, seq)));
        }

        static Json.Obj body(ChainId old, Optional<EventRef> last) {
            return Json.object(OLD_EPOCH, old.epoch().hex(), "seq", last.map(EventRef::seq).orElse(0L),
                "id", last.map(ref -> ref.id().hex()).orElse(null));
        }
    }
}
