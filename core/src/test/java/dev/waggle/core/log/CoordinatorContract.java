package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.epoch;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: who writes checkpoints, so that they form one chain whatever arrives when. It extends the other parts, so that one class runs
/// all.
public abstract class CoordinatorContract extends ForgedCheckpointContract {
    private static final Chunk NOTHING = Chunk.of(new byte[0]);
    private final Author mod = TestSpace.author("moderator");
    private final Author other = TestSpace.author("other");
    private final Author reader = TestSpace.author("reader");
    private final Event addMod = space.after(added, space.owner).draft(member(mod, Role.MODERATOR)).event();
    private final Event addOther = space.after(addMod, space.owner).draft(member(other, Role.WRITER)).event();
    private final Event addReader = space.after(addOther, space.owner).draft(member(reader, Role.READER)).event();
    private final Event named = space.after(addReader, space.owner).draft(naming(space.writer)).event();

    private static NodeId node(Author author) {
        return author.signer().node();
    }

    private static Draft naming(Author who) {
        return new Draft(ControlType.COORDINATOR_NAMED, Json.object("subject", node(who).hex()));
    }

    /// A checkpoint whose content nobody looks at.
    private static Draft checkpoint(Event before) {
        return Checkpoint.draft(Optional.ofNullable(before).map(Event::id), List.of(NOTHING), List.of(NOTHING), List.of(NOTHING));
    }

    private static List<EventId> ids(Event... events) {
        return Stream.of(events).map(Event::id).toList();
    }

    /// Offers all of it in many orders of arrival, and asks the same of every log.
    private void inEveryOrder(List<Event> events, List<EventId> voids, Event last, Author next) {
        var all = new ArrayList<>(List.of(space.genesis, added, addMod, addOther, addReader, named));
        events.stream().filter(event -> !all.contains(event)).forEach(all::add);
        var random = new Random(7);
        for (int i = 0; i < (permutations() < 100 ? 6 : 60); i++) {
            var order = new ArrayList<>(all);
            if (i == 1) Collections.reverse(order);
            else if (i > 1) Collections.shuffle(order, random);
            var log = empty();
            log.putChunks(List.of(NOTHING), NOW);
            for (var event : order) log.append(List.of(event), NOW);
            LogChecks.check(log);
            assertThat(log.counts().waiting()).isZero();
            assertThat(LogChecks.verdicts(log).entrySet().stream().filter(each -> each.getValue() == Verdict.VOID).map(Map.Entry::getKey)).as("order %d", i).containsExactlyInAnyOrderElementsOf(voids);
            assertThat(log.state().checkpoint()).as("order %d", i).isEqualTo(Optional.ofNullable(last).map(Event::id));
            assertThat(log.state().checkpointer()).as("order %d", i).isEqualTo(Optional.ofNullable(next).map(CoordinatorContract::node));
            closeAll();
        }
    }

    @Tag("T06") @Test void who_is_named_goes_on_with_the_chain_of_checkpoints_until_the_owner_does_it_again() {
        var log = open();
        log.append(List.of(addMod, addOther, addReader), NOW);
        var owner = new Author(space.owner.signer(), epoch("owner's second"));
        var writer = new Author(space.writer.signer(), epoch("writer's second"));
        var compaction = new Compaction(log, _ -> { });
        var first = compaction.write(owner, NOW).orElseThrow().event();
        log.write(writer, List.of(TestSpace.draft("something new")), List.of(), Map.of(), NOW);
        assertThatThrownBy(() -> compaction.write(writer, NOW)).isInstanceOf(WriteRefused.class);
        log.write(owner, List.of(naming(space.writer)), List.of(), Map.of(), NOW);
        assertThat(log.state().checkpointer()).contains(node(space.writer));
        assertThatThrownBy(() -> compaction.write(owner, NOW)).as("not two at a time").isInstanceOf(WriteRefused.class);
        var second = compaction.write(writer, NOW).orElseThrow().event();
        log.write(owner, List.of(naming(space.owner)), List.of(), Map.of(), NOW);
        assertThatThrownBy(() -> compaction.write(writer, NOW)).isInstanceOf(WriteRefused.class);
        var third = compaction.write(owner, NOW).orElseThrow().event();
        assertThat(Checkpoint.of(second).before()).contains(first.id());
        assertThat(Checkpoint.of(third).before()).contains(second.id());
        assertThat(compaction.condense(third.id())).isEqualTo(Compaction.Outcome.DONE);
        var joiner = empty();
        var adoption = new Adoption(joiner, keys, third);
        for (var step = adoption.step(List.of(), NOW); !step.done(); )
            step = adoption.step(step.wanted().stream().map(id -> new Chunk(id, log.chunk(id).orElseThrow())).toList(), NOW);
        assertThat(joiner.state().members()).isEqualTo(log.state().members());
    }

    @Tag("A05") @Test void only_the_owner_names_and_only_members_who_write_are_named() {
        var log = open();
        log.append(List.of(addMod, addOther, addReader), NOW);
        log.putChunks(List.of(NOTHING), NOW);
        var usurped = space.after(null, mod).control(addReader).draft(naming(mod)).event();
        var toReader = space.after(addReader, space.owner).draft(naming(reader)).event();
        var toStranger = space.after(addReader, space.owner).draft(naming(space.stranger)).event();
        var byNobody = space.after(null, other).control(addReader).draft(checkpoint(null)).event();
        for (var event : List.of(usurped, toReader, toStranger, byNobody))
            assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.NOT_ALLOWED));
        log.append(List.of(named), NOW);
        var byAnother = space.after(null, other).control(named).draft(checkpoint(null)).event();
        var byOwner = space.after(named, space.owner).draft(checkpoint(null)).event();
        for (var event : List.of(byAnother, byOwner))
            assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.NOT_ALLOWED));
    }

    @Test void a_naming_takes_nothing_from_anybody() {
        var draft = new Draft(ControlType.COORDINATOR_NAMED, Json.object("subject", node(mod).hex(), "cuts", Json.array()));
        var kept = space.after(null, mod).control(addReader).text("kept").event();
        inEveryOrder(List.of(kept, space.after(named, space.owner).draft(draft).event()), List.of(), null, mod);
    }

    @Tag("A06") @Test void a_checkpoint_that_the_next_naming_did_not_know_is_void() {
        var known = space.after(null, space.writer).control(named).draft(checkpoint(null)).event();
        var handedOn = space.after(named, space.owner).control(known).draft(naming(other)).event();
        var unheard = space.after(known, space.writer).draft(checkpoint(known)).event();
        var next = space.after(null, other).merging(handedOn).control(handedOn).draft(checkpoint(known)).event();
        inEveryOrder(List.of(known, unheard, handedOn), ids(unheard), known, other);
        inEveryOrder(List.of(known, unheard, handedOn, next), ids(unheard), next, other);
    }

    @Tag("A06") @Test void of_two_namings_at_once_one_counts_everywhere_and_the_other_one_named_writes_in_vain() {
        var one = space.after(null, space.owner).control(named).epoch(epoch("twin")).draft(naming(other)).event();
        var two = space.after(named, space.owner).draft(naming(mod)).event();
        boolean oneCounts = one.id().compareTo(two.id()) < 0;
        var byOther = space.after(null, other).control(one).draft(checkpoint(null)).event();
        var byMod = space.after(null, mod).control(two).draft(checkpoint(null)).event();
        inEveryOrder(List.of(one, two, byOther, byMod), ids(oneCounts ? byMod : byOther), oneCounts ? byOther : byMod, oneCounts ? other : mod);
    }

    @Tag("A06") @Test void a_new_owner_writes_them_himself_until_he_names_somebody() {
        var known = space.after(null, space.writer).control(named).draft(checkpoint(null)).event();
        var transfer = space.after(named, space.owner).control(known).draft(new Draft(ControlType.OWNERSHIP_TRANSFERRED, Json.object("to", node(mod).hex(), "cuts", ControlEvent.cut(List.of(named.ref())))))
            .event();
        var unheard = space.after(known, space.writer).draft(checkpoint(known)).event();
        inEveryOrder(List.of(known, transfer, unheard), ids(unheard), known, mod);
        var own = space.after(null, mod).merging(transfer).control(transfer).draft(checkpoint(known)).event();
        var again = space.after(own, mod).draft(naming(other)).event();
        inEveryOrder(List.of(known, transfer, unheard, own, again), ids(unheard), own, other);
    }

    @Tag("A05") @Test void nobody_writes_them_while_who_was_named_is_no_member() {
        var known = space.after(null, space.writer).control(named).draft(checkpoint(null)).event();
        var removal = space.after(named, space.owner).control(known)
            .draft(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", node(space.writer).hex(), "cuts", ControlEvent.cut(List.of(known.ref()))))).event();
        var unheard = space.after(known, space.writer).draft(checkpoint(known)).event();
        inEveryOrder(List.of(known, removal, unheard), ids(unheard), known, null);
        inEveryOrder(List.of(known, removal, unheard, space.after(removal, space.owner).draft(naming(space.owner)).event()), ids(unheard), known, space.owner);
    }
}
