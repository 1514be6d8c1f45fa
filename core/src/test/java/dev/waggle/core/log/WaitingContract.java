package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: events that name what is not here yet, that are stamped in the future, or for which there is no room.
public abstract class WaitingContract extends EventLogContract {
    @Tag("N06") @Tag("lesson-children-before-parents") @Test void an_event_waits_for_its_causes_and_says_what_is_missing() {
        var log = open();
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        var merging = space.after(added, space.owner).merging(chain.get(1)).event();
        assertThat(log.append(List.of(chain.get(2)), NOW)).containsExactly(
            new Admission.Waiting(chain.get(2), List.of(chain.get(1).ref()), List.of(), List.of()));
        assertThat(log.append(List.of(merging), NOW)).containsExactly(new Admission.Waiting(merging, List.of(chain.get(1).ref()), List.of(), List.of()));
        assertThat(log.append(List.of(chain.get(1)), NOW)).containsExactly(
            new Admission.Waiting(chain.get(1), List.of(chain.get(0).ref()), List.of(), List.of()));
        assertThat(log.waiting(10)).extracting(Admission::event).containsExactly(chain.get(2), merging, chain.get(1));
        assertThat(log.waiting(10).getFirst()).as("what waits here too is not asked for").isEqualTo(
            new Admission.Waiting(chain.get(2), List.of(), List.of(), List.of()));
        assertThat(log.append(List.of(chain.get(0)), NOW)).containsExactly(new Admission.Accepted(chain.get(0), 3, Verdict.COUNTS));
        assertThat(log.waiting(10)).isEmpty();
        assertThat(log.state().lastOffset()).isEqualTo(6);
    }

    /// What it waits for may lie on a laptop in a drawer.
    @Tag("N06") @Tag("lesson-waiting-dropped-by-age") @Test void what_waits_is_kept_for_twenty_years_and_still_says_what_for() {
        var log = open();
        var chain = space.chain(null, space.writer, 2, List.of(added.id()));
        var orphan = new Admission.Waiting(chain.get(1), List.of(chain.get(0).ref()), List.of(), List.of());
        assertThat(log.append(chain.subList(1, 2), NOW)).containsExactly(orphan);
        long later = NOW + 20L * 365 * 86_400_000;
        assertThat(log.release(later)).isEmpty();
        log.append(List.of(space.after(added, space.owner).at(later).event()), later);
        assertThat(log.waiting(10)).containsExactly(orphan);
        assertThat(log.append(chain.subList(0, 1), later)).singleElement().isInstanceOf(Admission.Accepted.class);
        assertThat(log.waiting(10)).isEmpty();
        assertThat(log.find(chain.get(1).id())).isPresent();
    }

    @Test void what_waits_is_kept_however_much_time_passes() {
        var log = open();
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        log.append(chain.subList(1, 3), NOW);
        for (long days = 1; days <= 400; days += 133) log.release(NOW + days * 86_400_000L);
        assertThat(log.waiting(10)).hasSize(2);
        log.append(chain.subList(0, 1), NOW);
        assertThat(log.state().lastOffset()).isEqualTo(2 + chain.size());
    }

    @Tag("N06") @Test void an_event_waits_for_the_control_events_it_names() {
        var log = empty();
        var event = space.after(null, space.writer).control(added).event();
        assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Waiting(event, List.of(), List.of(added.id()), List.of()));
        assertThat(log.append(List.of(added), NOW)).singleElement().isInstanceOf(Admission.Waiting.class);
        log.append(List.of(space.genesis), NOW);
        assertThat(log.waiting(10)).isEmpty();
        assertThat(log.state().lastOffset()).isEqualTo(3);
    }

    @Test void an_offer_repeated_while_it_waits_is_counted_as_a_duplicate_and_answered_as_waiting() {
        var log = open();
        var chain = space.chain(null, space.writer, 2, List.of(added.id()));
        log.append(List.of(chain.get(1)), NOW);
        assertThat(log.append(List.of(chain.get(1)), NOW)).singleElement().isInstanceOf(Admission.Waiting.class);
        assertThat(log.counts().duplicate()).isEqualTo(1);
        assertThat(log.counts().waiting()).isEqualTo(1);
    }

    @Tag("T02") @Tag("lesson-clock-years-ahead") @Test void an_event_from_the_future_is_held_until_its_time_and_its_successors_behind_it() {
        var log = open();
        var early = space.after(null, space.writer).control(added).at(NOW + EventLog.FUTURE_MS_MAX + 10).event();
        var next = space.after(early, space.writer).event();
        assertThat(log.append(List.of(early, next), NOW)).containsExactly(new Admission.Held(early, NOW + 10), new Admission.Held(next, NOW + 10));
        assertThat(log.counts().held()).isEqualTo(2);
        assertThat(log.release(NOW + 9)).isEmpty();
        var written = log.write(space.owner, List.of(draft("mine")), List.of(), Map.of(), NOW).getFirst().event();
        assertThat(written.envelope().ts().wallMs()).as("nobody's clock follows it").isEqualTo(NOW);
        assertThat(log.release(NOW + 10)).extracting(Admission::event).containsExactly(early, next);
        assertThat(log.counts().held()).isZero();
    }

    @Tag("T02") @Tag("S09") @Test void what_is_held_of_one_author_is_found_in_whole_runs_until_it_was_written_again() {
        var log = open();
        long future = NOW + EventLog.FUTURE_MS_MAX + 1_000;
        var first = space.after(null, space.writer).control(added).at(future).event();
        var second = space.after(first, space.writer).event();
        var third = space.after(second, space.writer).event();
        log.append(List.of(first, second.withoutSignature(), third), NOW);
        log.append(List.of(space.after(added, space.owner).at(future).event()), NOW);
        var waiting = space.chain(null, new Author(space.writer.signer(), space.fresh()), 2, List.of(added.id())).get(1);
        assertThat(log.append(List.of(waiting), NOW)).singleElement().isInstanceOf(Admission.Waiting.class);
        var held = log.held(space.writer.signer().node());
        assertThat(held).as("not what is another's, nor what waits for something else").containsExactly(first, second, third);
        assertThat(held.getLast().signature()).as("what proves the run").isPresent();
        assertThat(log.held(space.stranger.signer().node())).isEmpty();

        var again = new Author(space.writer.signer(), space.fresh());
        var rebase = space.after(null, again).control(added).at(NOW + 10).draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(first.chain(), Optional.empty()))).event();
        assertThat(log.append(List.of(rebase), NOW + 20)).extracting(Admission::event).contains(rebase);
        assertThat(log.held(space.writer.signer().node())).isEmpty();
    }

    @Tag("T02") @Test void an_event_just_inside_the_tolerance_is_admitted() {
        var log = open();
        var event = space.after(null, space.writer).control(added).at(NOW + EventLog.FUTURE_MS_MAX).event();
        assertThat(log.append(List.of(event), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
    }

    @Test void what_waits_for_a_refused_event_is_refused_with_it() {
        var log = open();
        var refused = space.after(null, space.stranger).event();
        var merging = space.after(null, space.writer).control(added).merging(refused).event();
        var next = space.after(merging, space.writer).event();
        assertThat(log.append(List.of(merging, next), NOW)).allMatch(Admission.Waiting.class::isInstance);
        log.append(List.of(refused), NOW);
        assertThat(log.waiting(10)).isEmpty();
        assertThat(log.counts().rejected()).isEqualTo(3);
    }

    /// Found by fuzzing: the offer was counted in no class when the same event, waiting, had fallen with its cause in the same call.
    @Test void an_event_that_waits_and_is_refused_when_it_is_offered_again_is_counted_both_times() {
        var log = open();
        var cause = space.after(null, space.stranger).control(added).event();
        var unknown = space.after(added, space.owner).draft(member(TestSpace.author("later"), Role.READER)).event();
        var early = space.after(cause, space.stranger).control(unknown).at(cause.envelope().ts().wallMs()).event();
        assertThat(log.append(List.of(early), NOW)).singleElement().isInstanceOf(Admission.Waiting.class);
        assertThat(log.append(List.of(cause, early), NOW)).allMatch(Admission.Rejected.class::isInstance);
        assertThat(log.counts().rejected()).isEqualTo(3);
    }

    @Test void an_event_that_waits_is_refused_as_soon_as_its_cause_shows_that_nobody_can_admit_it() {
        var log = open();
        var unknown = space.after(added, space.owner).draft(member(TestSpace.author("later"), Role.READER)).event();
        var cause = space.after(null, space.writer).control(unknown).event();
        var early = space.after(cause, space.writer).control(unknown).at(cause.envelope().ts().wallMs()).event();
        var behind = space.after(early, space.writer).control(unknown).event();
        log.append(List.of(early), NOW);
        log.append(List.of(behind), NOW);
        assertThat(log.append(List.of(cause, early), NOW)).extracting(answer -> answer.getClass().getSimpleName()).containsExactly("Waiting", "Rejected");
        assertThat(log.waiting(10)).extracting(Admission::event).containsExactly(cause);
    }

    @Test void a_run_that_overlaps_what_waits_is_joined_with_it() {
        var log = open();
        var chain = space.chain(null, space.writer, 6, List.of(added.id()));
        log.append(List.of(chain.get(3)), NOW);
        var rest = new ArrayList<>(chain.subList(1, 6));
        for (int i = 0; i < 4; i++) rest.set(i, rest.get(i).withoutSignature());
        assertThat(log.append(rest, NOW)).allMatch(Admission.Waiting.class::isInstance);
        log.append(List.of(chain.getFirst()), NOW);
        assertThat(log.waiting(10)).isEmpty();
        assertThat(log.readMissing(List.of(), 0, ALL, ALL).events()).hasSize(8);
    }

    @Tag("lesson-bulk-without-content") @Test void an_event_waits_until_the_chunks_it_names_are_stored() {
        var log = open();
        var chunk = Chunk.of(new byte[] {1, 2, 3});
        var event = space.after(null, space.writer).control(added)
            .draft(new Draft("bulk", Json.object("chunks", Json.array(Json.of(chunk.id().hex()))))).event();
        assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Waiting(event, List.of(), List.of(), List.of(chunk.id())));
        assertThatThrownBy(() -> log.putChunks(List.of(new Chunk(chunk.id(), new byte[] {9})), NOW)).isInstanceOf(MalformedPayload.class);
        assertThat(log.putChunks(List.of(chunk), NOW)).containsExactly(new Admission.Accepted(event, 3, Verdict.COUNTS));
        assertThat(log.putChunks(List.of(chunk), NOW)).isEmpty();
        assertThat(log.chunk(chunk.id())).contains(new byte[] {1, 2, 3});
        assertThat(log.chunk(new ChunkId("00".repeat(32)))).isEmpty();
    }

    @Tag("N06") @Tag("P04") @Test void a_full_waiting_room_pushes_back_and_loses_nothing() {
        var log = open();
        var chain = space.chain(null, space.writer, EventLog.WAITING_EVENTS_PER_AUTHOR_MAX + 50, List.of(added.id()));
        int accepted = 0;
        int pushedBack = 0;
        for (int from = 1; from < chain.size(); from += 500)
            for (var answer : log.append(chain.subList(from, Math.min(from + 500, chain.size())), NOW)) {
                if (answer instanceof Admission.PushedBack) pushedBack++;
                else accepted++;
            }
        assertThat(accepted).isLessThanOrEqualTo(EventLog.WAITING_EVENTS_PER_AUTHOR_MAX).isGreaterThan(EventLog.WAITING_EVENTS_PER_AUTHOR_MAX - 100);
        assertThat(pushedBack).isEqualTo(chain.size() - 1 - accepted);
        log.append(chain.subList(0, 1), NOW);
        for (int from = 0; from < chain.size(); from += 500) log.append(chain.subList(from, Math.min(from + 500, chain.size())), NOW);
        assertThat(log.state().lastOffset()).isEqualTo(2 + chain.size());
    }

    @Tag("N06") @Test void a_room_full_of_its_successors_asks_for_the_chunks_of_an_event_that_it_pushes_back() {
        var log = open();
        var chunk = Chunk.of(new byte[] {1, 2, 3});
        var first = space.after(null, space.writer).control(added)
            .draft(new Draft("bulk", Json.object("chunks", Json.array(Json.of(chunk.id().hex()))))).event();
        var chain = space.chain(first, space.writer, EventLog.WAITING_EVENTS_PER_AUTHOR_MAX, List.of(added.id()));
        for (var event : chain) log.append(List.of(event), NOW);
        assertThat(log.append(List.of(first), NOW)).containsExactly(new Admission.PushedBack(first, List.of(chunk.id())));
        assertThat(log.putChunks(List.of(chunk), NOW)).isEmpty();
        log.append(List.of(first), NOW);
        assertThat(log.state().lastOffset()).isEqualTo(3 + chain.size());
    }

    @Tag("N06") @Test void a_run_whose_end_fills_the_room_is_admitted_when_its_beginning_comes() {
        var log = open();
        int waiting = EventLog.WAITING_EVENTS_PER_AUTHOR_MAX - 10;
        var chain = space.chain(null, space.writer, 50 + waiting, List.of(added.id()));
        for (var event : chain.subList(51, chain.size())) log.append(List.of(event), NOW);
        log.append(chain.subList(50, 51), NOW);
        var begin = chain.subList(0, 51).stream().map(event -> event.seq() <= 50 ? event.withoutSignature() : event).toList();
        log.append(begin, NOW);
        assertThat(log.state().lastOffset()).isEqualTo(2 + chain.size());
    }

    /// Found by fuzzing: it stayed, and a log that got it alone had it and the other had not, until the time of the one from the future came.
    @Test void an_event_that_is_held_with_its_run_leaves_it_when_it_comes_with_a_signature_of_its_own() {
        var log = open();
        var one = space.after(null, space.writer).control(added).event();
        var two = space.after(one, space.writer).event();
        var early = space.after(two, space.writer).at(NOW + EventLog.FUTURE_MS_MAX + 10).event();
        var missing = space.after(early, space.writer).event();
        var waits = space.after(missing, space.writer).event();
        log.append(List.of(one.withoutSignature(), two.withoutSignature(), early), NOW);
        log.append(List.of(waits), NOW);
        assertThat(log.append(List.of(two), NOW)).as("and what it vouches for").extracting(Admission::event).contains(two);
        assertThat(LogChecks.verdicts(log)).containsKeys(one.id(), two.id()).doesNotContainKey(early.id());
        assertThat(log.counts().held()).as("the one from the future, and what is stamped after it").isEqualTo(2);
        assertThat(log.release(NOW + 10)).extracting(Admission::event).contains(early);
        log.append(List.of(missing), NOW + 10);
        assertThat(LogChecks.verdicts(log)).containsKeys(early.id(), missing.id(), waits.id());
    }
}
