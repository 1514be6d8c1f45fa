package dev.waggle.sim;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;

/// Looks at each entry of one log as it arrives, by rules written apart from the log's own: causes first (I4), gapless linked chains (I5), nothing
/// that its author did not write (I6), stamps above their causes and not from the future, bounded rooms (I9), every event in a class (I14).
final class Audit {
    private final Simulation simulation;
    private final SimNode node;
    private long audited;
    private long waiting;
    private long held;

    /// @param alreadyThere entries of an image that were audited where they came from
    Audit(Simulation simulation, SimNode node, long alreadyThere) {
        this.simulation = simulation;
        this.node = node;
        this.audited = alreadyThere;
    }

    void step() {
        var storage = node.log().storage();
        audited = Math.min(audited, storage.size());                 // a transaction that never reached the disk
        while (audited < storage.size()) {
            var event = storage.raw(++audited);
            if (event != null) entry(audited, event);
        }
        var counts = node.log().counts();
        if (counts.waiting() + counts.held() > node.character.waiting().events())
            simulation.fail("I9 node " + node.index + ": " + (counts.waiting() + counts.held()) + " events wait, room is for " + node.character.waiting().events(), null);
        long sum = counts.accepted() + counts.voided() + counts.duplicate() + counts.waiting() + counts.held() + counts.rejected() + counts.pushedBack();
        if (sum != counts.received()) simulation.fail("I14 node " + node.index + ": received " + counts.received() + ", in classes " + sum + ": " + counts, null);
        if (counts.forks() > 0) simulation.once("fork detected");
        if (counts.waiting() > 0) simulation.once("waiting");
        if (counts.held() > 0) simulation.once("held");
        if (waiting > 0 && counts.waiting() == 0) simulation.once("waiting drained");
        if (held > counts.held()) simulation.once("held released");
        waiting = counts.waiting();
        held = counts.held();
        if (counts.pushedBack() > 0) simulation.once("pushed back");
        if (counts.voided() > 0) simulation.once("void");
        if (storage.hasAdopted()) simulation.once("taken from a checkpoint");
    }

    private void entry(long offset, Event event) {
        simulation.ledger.admitted(node, event);
        var envelope = event.envelope();
        if (event.type().equals(ControlType.REBASE)) simulation.once("rebase");
        if (event.type().equals(ControlType.EPOCH_OPENED)) simulation.once(simulation.isTwin(node) && event.chain().origin().equals(node.id()) ? "twin repaired" : "epoch opened");
        envelope.prev().ifPresent(prev -> {
            var before = before(offset, event, prev, "its predecessor");
            if (!before.chain().equals(event.chain()) || before.seq() != event.seq() - 1)
                simulation.fail("I5 node " + node.index + ": " + event + " follows " + before, null);
        });
        for (var merge : envelope.merges()) before(offset, event, merge.id(), "a head that it merges");
        for (var control : envelope.control()) before(offset, event, control, "a control event that it names");
        // A checkpoint is history: what was taken back comes before what took it back, and is judged when the run ends.
        if (envelope.ts().wallMs() > node.wallMs() + EventLog.FUTURE_MS_MAX && node.verdict(offset) == Verdict.COUNTS && !node.log().storage().isAdopted(event.id()))
            simulation.fail("node " + node.index + " admitted " + event + ", stamped " + (envelope.ts().wallMs() - node.wallMs()) + " ms in its future", null);
    }

    /// I4: the cause is here, earlier, and its stamp is smaller.
    private Event before(long offset, Event event, EventId cause, String what) {
        var storage = node.log().storage();
        var at = storage.offsetOf(cause);
        if (at.isEmpty() || at.get() >= offset) simulation.fail("I4 node " + node.index + " admitted " + event + " before " + what, null);
        var found = storage.raw(at.orElseThrow());
        Hlc stamp = found.envelope().ts();
        if (stamp.compareTo(event.envelope().ts()) >= 0)
            simulation.fail("node " + node.index + ": " + event + " is not stamped after " + found, null);
        return found;
    }
}
