package dev.waggle.sync.protocol;

import dev.waggle.core.event.SpaceId;

import java.util.List;

/// What one peer asks of the log here: events and chunks by their ids, and what stands at some places of a chain. One question of each kind is
/// worked on at a time, and who may not read is told nothing.
final class Serving {
    private final SpaceId space;
    private final List<ExchangeStep> out;
    private final Questions questions = new Questions();
    private boolean allowed;
    private boolean fetching;
    private boolean looking;

    /// @param allowed whether the peer may read
    Serving(SpaceId space, boolean allowed, List<ExchangeStep> out) {
        this.space = space;
        this.allowed = allowed;
        this.out = out;
    }

    boolean allowed() {
        return allowed;
    }

    void allow(boolean nowAllowed) {
        allowed = nowAllowed;
    }

    boolean tooManyQuestions(Now now) {
        if (questions.mayAsk(now)) return false;
        out.add(new ExchangeStep.Violation("too_many_questions", "more questions than an honest peer has"));
        return true;
    }

    void want(Frame.Want want, Now now) {
        if (want.events().size() > Frame.WANT_MAX || want.chunks().size() > Frame.WANT_MAX) {
            out.add(new ExchangeStep.Violation("too_many_wanted", "at most " + Frame.WANT_MAX + " at a time"));
            return;
        }
        if (tooManyQuestions(now)) return;
        if (!allowed || fetching) {                // nothing here for somebody who may not read; an impatient asker asks again
            if (!want.chunks().isEmpty()) out.add(new ExchangeStep.Send(new Frame.Chunks(space, List.of())));
            if (!want.events().isEmpty()) out.add(new ExchangeStep.Send(new Frame.Events(space, List.of(), 0)));
            return;
        }
        fetching = true;
        questions.answeredWithWork();                      // work that is answered is no flood
        out.add(new ExchangeStep.Fetch(want.events(), want.chunks()));
    }

    void fetched(List<Frame> frames) {
        fetching = false;
        for (var frame : frames) out.add(new ExchangeStep.Send(frame));
    }

    void fetchFailed() {
        fetching = false;
    }

    void probe(Frame.Probe probe, Now now) {
        if (probe.seqs().isEmpty() || probe.seqs().size() > Frame.PROBE_SEQS_MAX) {
            out.add(new ExchangeStep.Violation("bad_probe", "one to " + Frame.PROBE_SEQS_MAX + " places at a time"));
            return;
        }
        if (!allowed || looking || tooManyQuestions(now)) return;
        looking = true;
        questions.answeredWithWork();
        out.add(new ExchangeStep.Look(probe.chain(), probe.seqs(), true));
    }

    void looked(Input.Looked answer) {
        looking = false;
        out.add(new ExchangeStep.Send(new Frame.Places(space, answer.chain(), answer.seqs(), answer.ids())));
    }

    void lookFailed() {
        looking = false;
    }
}
