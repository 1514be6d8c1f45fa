package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: writing of local events. It extends the other halves, so that one class runs all.
public abstract class LocalWriteContract extends ReadingContract {
    private static final long FUTURE = NOW + 365L * 24 * 3600 * 1000;

    private List<Entry.Admitted> write(EventLog log, Author author, long nowMs, Draft... drafts) {
        return log.write(author, List.of(drafts), List.of(), Map.of(), nowMs);
    }

    private Event writeOne(EventLog log, Author author, long nowMs, String text) {
        return write(log, author, nowMs, draft(text)).getFirst().event();
    }

    /// Another log takes everything by what this one serves.
    private EventLog copyOf(EventLog log, long nowMs) {
        var copy = empty();
        for (var page = log.readMissing(List.of(), 0, 100, 1 << 20); ; page = log.readMissing(List.of(), page.upTo(), 100, 1 << 20)) {
            if (!page.events().isEmpty()) copy.append(page.events(), nowMs);
            if (page.end()) return copy;
        }
    }

    @Test void local_events_continue_the_chain_and_are_accepted_elsewhere() {
        var log = open();
        var entries = write(log, space.owner, NOW, draft("one"), draft("two"));
        assertThat(entries).extracting(Entry::offset).containsExactly(3L, 4L);
        assertThat(entries).extracting(entry -> entry.event().seq()).containsExactly(3L, 4L);
        assertThat(entries.getLast().event().envelope().control()).containsExactly(added.id());
        assertThat(copyOf(log, NOW).state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    @Tag("T04") @Test void stamps_exceed_all_parents_even_when_the_clock_stands_or_goes_back() {
        var log = open();
        var foreign = space.after(null, space.writer).control(added).at(NOW + 1000).event();
        log.append(List.of(foreign), NOW);
        var first = writeOne(log, space.owner, NOW, "one");
        assertThat(first.envelope().ts()).isGreaterThan(foreign.envelope().ts());
        assertThat(writeOne(log, space.owner, NOW - 60_000, "two").envelope().ts()).isGreaterThan(first.envelope().ts());
    }

    @Test void the_other_heads_are_merged_sixteen_at_a_time_and_then_are_heads_no_more() {
        var log = open();
        var before = added;
        var authors = new ArrayList<Author>();
        for (int i = 0; i < 20; i++) {
            authors.add(TestSpace.author("author " + i));
            before = space.after(before, space.owner).draft(member(authors.getLast(), Role.WRITER)).event();
            log.append(List.of(before), NOW);
        }
        for (var author : authors) log.append(List.of(space.after(null, author).control(before).event()), NOW);
        assertThat(writeOne(log, space.owner, NOW, "one").envelope().merges()).hasSize(16);
        assertThat(writeOne(log, space.owner, NOW, "two").envelope().merges()).hasSize(4);
        assertThat(writeOne(log, space.owner, NOW, "three").envelope().merges()).isEmpty();
        assertThat(copyOf(log, NOW).state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    @Test void a_draft_near_the_size_limit_leaves_the_merges_to_the_next_event() {
        var log = open();
        log.append(List.of(space.after(null, space.writer).control(added).event()), NOW);
        var big = writeOne(log, space.owner, NOW, "x".repeat(Event.PAYLOAD_BYTES_MAX - 560));
        assertThat(big.envelope().merges()).isEmpty();
        assertThat(writeOne(log, space.owner, NOW, "small").envelope().merges()).hasSize(1);
    }

    @Test void a_local_run_is_signed_at_its_end_and_often_enough_to_be_served_in_pieces() {
        var log = open();
        var drafts = IntStream.range(0, 200).mapToObj(i -> draft("note " + i)).toArray(Draft[]::new);
        var events = write(log, space.owner, NOW, drafts).stream().map(Entry.Admitted::event).toList();
        assertThat(events.getLast().signature()).isPresent();
        assertThat(events.stream().filter(event -> event.signature().isPresent())).hasSize(4);
        int unsigned = 0;
        for (var event : events) {
            unsigned = event.signature().isPresent() ? 0 : unsigned + 1;
            assertThat(unsigned).isLessThan(EventLog.UNSIGNED_RUN_EVENTS_MAX);
        }
        var large = IntStream.range(0, 10).mapToObj(_ -> draft("y".repeat(60_000))).toArray(Draft[]::new);
        assertThat(write(log, space.owner, NOW, large).stream().filter(entry -> entry.event().signature().isPresent())).hasSize(5);
        assertThat(copyOf(log, NOW).state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    @Tag("A05") @Test void who_may_not_write_is_refused_and_nothing_is_written() {
        var log = open();
        assertThatThrownBy(() -> write(log, space.stranger, NOW, draft("hello"))).isInstanceOf(WriteRefused.class).hasMessageContaining("no member");
        assertThatThrownBy(() -> write(log, space.writer, NOW, draft("hello"), member(space.stranger, Role.WRITER)))
            .isInstanceOf(WriteRefused.class).hasMessageContaining("writer");
        assertThatThrownBy(() -> write(empty(), space.owner, NOW, draft("hello"))).isInstanceOf(WriteRefused.class).hasMessageContaining("genesis");
        assertThat(log.state().lastOffset()).isEqualTo(2);
    }

    @Test void control_events_take_effect_within_one_call() {
        var log = open();
        var third = TestSpace.author("third");
        write(log, space.owner, NOW, draft("a"), member(third, Role.WRITER), draft("b"));
        assertThat(log.state().members()).containsEntry(third.signer().node(), Role.WRITER);
        assertThat(writeOne(log, third, NOW, "mine").envelope().control()).isEqualTo(log.state().control());
        assertThat(copyOf(log, NOW).state().members()).isEqualTo(log.state().members());
    }

    @Test void marks_and_chunks_are_stored_with_the_events() {
        var log = open();
        var chunk = Chunk.of(new byte[100_000]);
        var bulk = new Draft("bulk", Json.object("chunks", Json.array(Json.of(chunk.id().hex()))));
        assertThatThrownBy(() -> write(log, space.owner, NOW, bulk)).isInstanceOf(IllegalArgumentException.class);
        log.write(space.owner, List.of(bulk), List.of(chunk), Map.of("capture", new byte[] {7}), NOW);
        assertThat(log.chunk(chunk.id()).orElseThrow()).hasSize(100_000);
        assertThat(log.mark("capture")).contains(new byte[] {7});
        log.write(space.owner, List.of(), List.of(), Map.of("capture", new byte[] {8}), NOW);
        assertThat(log.mark("capture")).contains(new byte[] {8});
    }

    @Test void of_two_who_saw_one_mark_the_first_writes_and_the_other_nothing() {
        var log = open();
        assertThat(log.writeIf("turn", Optional.of(new byte[] {1}), space.owner, List.of(draft("too early")), Map.of(), NOW)).isEmpty();
        assertThat(log.writeIf("turn", Optional.empty(), space.owner, List.of(draft("first")), Map.of("turn", new byte[] {1}), NOW)).hasValueSatisfying(written -> assertThat(written).hasSize(1));
        long after = log.state().lastOffset();
        assertThat(log.writeIf("turn", Optional.empty(), space.owner, List.of(draft("late")), Map.of("turn", new byte[] {2}), NOW)).isEmpty();
        assertThat(log.state().lastOffset()).isEqualTo(after);
        assertThat(log.mark("turn")).contains(new byte[] {1});
        assertThat(log.writeIf("turn", Optional.of(new byte[] {1}), space.owner, List.of(draft("second")), Map.of("turn", new byte[] {2}), NOW)).isPresent();
        assertThat(log.mark("turn")).contains(new byte[] {2});
    }

    @Tag("A07") @Tag("S08") @Test void a_forked_chain_is_left_for_a_new_epoch_and_the_caller_may_go_on_naming_the_old() {
        var log = open();
        var one = space.after(null, space.writer).control(added).text("one").event();
        var two = space.after(null, space.writer).control(added).text("two").event();
        log.append(List.of(one, two), NOW);
        var first = writeOne(log, space.writer, NOW, "after the fork");
        assertThat(first.chain().epoch()).isNotEqualTo(space.writer.epoch());
        assertThat(first.seq()).isEqualTo(2);
        var opened = log.at(first.chain(), 0, 1).orElseThrow().event();
        assertThat(opened.type()).isEqualTo(ControlType.EPOCH_OPENED);
        assertThat(opened.envelope().merges()).contains(one.ref(), two.ref());
        var next = writeOne(log, space.writer, NOW, "again");
        assertThat(next.chain()).isEqualTo(first.chain());
        assertThat(next.seq()).isEqualTo(3);
    }

    @Tag("S09") @Tag("lesson-reused-identity") @Test void own_events_that_wait_here_open_a_new_epoch_rather_than_a_fork() {
        var log = open();
        var chain = space.chain(null, space.writer, 4, List.of(added.id()));
        log.append(chain.subList(0, 1), NOW);
        log.append(chain.subList(2, 3), NOW);
        var written = writeOne(log, space.writer, NOW, "a restored backup writes on");
        assertThat(written.chain().epoch()).isNotEqualTo(space.writer.epoch());
        assertThat(log.at(written.chain(), 0, 1).orElseThrow().event().envelope().merges()).contains(chain.getFirst().ref());
        log.append(chain, NOW);
        assertThat(log.state().forks()).isZero();
    }

    @Tag("T02") @Test void a_repaired_clock_rebases_what_was_stamped_in_the_future_and_references_follow() {
        var log = open();
        var good = writeOne(log, space.writer, NOW, "good");
        var wrong = writeOne(log, space.writer, FUTURE, "a year ahead");
        var referring = write(log, space.writer, FUTURE, new Draft("note_edited",
            Json.object("ids", Json.array(Json.of(wrong.id().hex()), Json.of(good.id().hex())), "text", "edit"))).getFirst().event();
        var other = copyOf(log, NOW);
        assertThat(other.counts().held()).isEqualTo(2);
        var entries = write(log, space.writer, NOW + 5, new Draft("note_edited", Json.object("ids", Json.array(Json.of(referring.id().hex())), "text", "b")));
        assertThat(entries).hasSize(1);
        var chain = entries.getFirst().event().chain();
        var rebase = log.at(chain, 0, 1).orElseThrow().event();
        assertThat(rebase.type()).isEqualTo(ControlType.REBASE);
        assertThat(rebase.body().text("id")).isEqualTo(good.id().hex());
        var again = log.at(chain, 0, 2).orElseThrow().event();
        assertThat(again.body().text("text")).isEqualTo("a year ahead");
        var edit = log.at(chain, 0, 3).orElseThrow().event();
        assertThat(edit.body().array("ids")).containsExactly(Json.of(again.id().hex()), Json.of(good.id().hex()));
        assertThat(entries.getFirst().event().body().array("ids")).as("what is written now follows too").containsExactly(Json.of(edit.id().hex()));
        assertThat(entries.getFirst().event().envelope().ts().wallMs()).isEqualTo(NOW + 5);
        assertThat(log.at(wrong.chain(), 0, 2).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
        assertThat(log.counts().voided()).isEqualTo(2);
        assertThat(writeOne(log, space.writer, NOW + 6, "on").chain()).as("the caller may go on naming the old epoch").isEqualTo(chain);
        var missing = log.readMissing(other.state().tips(), 0, ALL, ALL).events();
        other.append(missing, NOW + 6);
        assertThat(other.at(chain, 0, 5)).isPresent();
        assertThat(other.counts().held()).as("void is void whatever the stamp: nothing is held for it").isZero();
        assertThat(other.counts().voided()).isEqualTo(2);
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
        assertThat(LogChecks.verdicts(other)).isEqualTo(LogChecks.verdicts(log));
    }

    @Test void epochs_that_were_left_with_a_wrong_clock_are_repaired_too() {
        var log = open();
        var good = writeOne(log, space.writer, NOW, "good");
        var wrong = writeOne(log, space.writer, FUTURE, "a year ahead");
        var second = new Author(space.writer.signer(), TestSpace.epoch("a second time"));
        var wrongToo = writeOne(log, second, FUTURE + 1, "a restart later, still a year ahead");
        var third = new Author(space.writer.signer(), TestSpace.epoch("a third time"));
        var other = copyOf(log, NOW);
        assertThat(other.counts().held()).isEqualTo(2);
        var now = writeOne(log, third, NOW + 5, "the clock is right again");
        assertThat(log.at(wrong.chain(), 0, 2).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
        assertThat(log.at(wrongToo.chain(), 0, 1).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
        assertThat(log.at(good.chain(), 0, 1).orElseThrow().verdict()).isEqualTo(Verdict.COUNTS);
        assertThat(now.envelope().ts().wallMs()).isEqualTo(NOW + 5);
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 6);
        assertThat(other.counts().held()).isZero();
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
        assertThat(LogChecks.verdicts(other)).isEqualTo(LogChecks.verdicts(log));
        assertThat(counting(log)).contains("a year ahead", "a restart later, still a year ahead", "the clock is right again").doesNotHaveDuplicates();
        assertThat(log.hasWrongStamps(space.writer.signer().node(), NOW + 6)).as("repaired").isFalse();
        assertThat(writeOne(log, third, NOW + 7, "on").envelope().ts().wallMs()).isEqualTo(NOW + 7);
        assertThat(log.counts().voided()).as("repaired once").isEqualTo(2);
    }

    /// Its parent is held as well, and becomes void later: then nothing but its stamp keeps the child, and void is void whatever the stamp.
    @Test void what_was_rebased_away_is_admitted_when_the_held_event_that_it_merges_is() {
        var log = open();
        writeOne(log, space.owner, FUTURE, "the owner, a year ahead");
        writeOne(log, space.writer, FUTURE + 1, "the writer, who merges it");
        var other = copyOf(log, NOW);
        assertThat(other.counts().held()).isEqualTo(2);
        writeOne(log, space.writer, NOW + 5, "the writer's clock is right again");
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 5);
        writeOne(log, space.owner, NOW + 6, "the owner's too");
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 6);
        assertThat(other.counts().held()).isZero();
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    /// Of events that wait together only the last keeps its signature: the good one must not be tied to the wrong one, which the rebase is waited for.
    @Tag("T02") @Test void what_waited_here_while_this_clock_was_wrong_too_does_not_keep_the_repair_waiting() {
        var log = open();
        writeOne(log, space.owner, NOW, "a parent that comes late");
        var good = writeOne(log, space.writer, NOW, "good");
        var wrong = writeOne(log, space.writer, FUTURE, "a year ahead");
        var other = empty();
        other.append(List.of(space.genesis, added, good, wrong), FUTURE);
        assertThat(other.counts().waiting()).isEqualTo(2);
        writeOne(log, space.writer, NOW + 5, "the clock is right again");
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 6);
        assertThat(other.counts().held() + other.counts().waiting()).isZero();
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    /// What it lacks is asked for at once: its time, years away, has no part in it.
    @Tag("T02") @Test void what_was_rebased_away_waits_for_its_chunks_and_not_for_its_time() {
        var log = open();
        var chunk = Chunk.of(new byte[] {1, 2, 3});
        var bulk = log.write(space.writer, List.of(new Draft("bulk", Json.object("chunks", Json.array(Json.of(chunk.id().hex()))))), List.of(chunk), Map.of(), FUTURE)
            .getFirst().event();
        writeOne(log, space.writer, NOW + 5, "the clock is right again");
        var other = copyOf(log, NOW + 5);
        assertThat(other.append(List.of(bulk), NOW + 5)).containsExactly(new Admission.Waiting(bulk, List.of(), List.of(), List.of(chunk.id())));
        other.putChunks(List.of(chunk), NOW + 5);
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 5);
        assertThat(LogChecks.verdicts(other)).containsEntry(bulk.id(), Verdict.VOID).isEqualTo(LogChecks.verdicts(log));
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    /// What it decides about others has no effect, now or ever.
    @Tag("T02") @Test void a_member_added_with_a_wrong_clock_and_added_again_is_held_by_nobody() {
        var log = open();
        write(log, space.owner, FUTURE, member(TestSpace.author("third"), Role.WRITER));
        writeOne(log, space.owner, FUTURE + 1, "still a year ahead, and knows the member");
        var other = copyOf(log, NOW);
        assertThat(other.counts().held()).isEqualTo(2);
        writeOne(log, space.owner, NOW, "the clock is right again");
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 5);
        assertThat(other.counts().held()).isZero();
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
        assertThat(LogChecks.verdicts(other)).isEqualTo(LogChecks.verdicts(log));
    }

    /// The only copy is at others, who believed it while their clocks were as wrong.
    @Tag("T02") @Tag("S09") @Test void what_this_node_wrote_with_a_wrong_clock_and_lost_is_written_again_when_others_gave_it_back() {
        var other = open();
        var good = writeOne(other, space.writer, NOW, "good");
        var log = copyOf(other, NOW);
        writeOne(other, space.writer, FUTURE, "a year ahead");
        var begun = new Author(space.writer.signer(), TestSpace.epoch("a restart later"));
        writeOne(other, begun, FUTURE + 1, "an epoch of which nothing is left");
        log.append(other.readMissing(log.state().tips(), 0, ALL, ALL).events(), NOW);
        assertThat(log.counts().held()).isEqualTo(2);
        assertThat(log.hasWrongStamps(space.writer.signer().node(), NOW)).isTrue();
        assertThat(log.hasWrongStamps(space.owner.signer().node(), NOW)).as("nothing of the owner's is").isFalse();
        var restored = new Author(space.writer.signer(), TestSpace.epoch("a restored disk"));
        var now = writeOne(log, restored, NOW + 5, "the clock is right again");
        assertThat(now.envelope().ts().wallMs()).isEqualTo(NOW + 5);
        assertThat(log.counts().held()).isZero();
        assertThat(counting(log)).contains("good", "a year ahead", "an epoch of which nothing is left", "the clock is right again").doesNotHaveDuplicates();
        assertThat(log.find(good.id()).orElseThrow().verdict()).isEqualTo(Verdict.COUNTS);
        other.append(log.readMissing(other.state().tips(), 0, ALL, ALL).events(), NOW + 6);
        assertThat(other.state().fingerprint()).isEqualTo(log.state().fingerprint());
        assertThat(LogChecks.verdicts(other)).isEqualTo(LogChecks.verdicts(log));
        long voided = log.counts().voided();
        writeOne(log, restored, NOW + 7, "on");
        assertThat(log.counts().voided()).as("repaired once").isEqualTo(voided);
    }

    /// Without its chunk it could not be written again, so the chunk is asked for before its time, and nothing is rebased until it is here.
    @Tag("T02") @Tag("S09") @Test void of_what_was_lost_nothing_is_given_up_while_a_chunk_of_it_is_missing() {
        var other = open();
        var log = copyOf(other, NOW);
        var chunk = Chunk.of(new byte[] {1, 2, 3});
        var bulk = other.write(space.writer, List.of(new Draft("bulk", Json.object("text", "in chunks", "chunks", Json.array(Json.of(chunk.id().hex()))))), List.of(chunk),
            Map.of(), FUTURE).getFirst().event();
        assertThat(log.append(List.of(bulk), NOW)).containsExactly(new Admission.Waiting(bulk, List.of(), List.of(), List.of(chunk.id())));
        var restored = new Author(space.writer.signer(), TestSpace.epoch("a restored disk"));
        assertThat(log.hasWrongStamps(space.writer.signer().node(), NOW)).as("not yet to be written again").isFalse();
        writeOne(log, restored, NOW + 5, "the clock is right again");
        assertThat(log.counts().waiting()).as("still waits").isOne();
        log.putChunks(List.of(chunk), NOW + 6);
        assertThat(log.counts().held()).isOne();
        writeOne(log, restored, NOW + 7, "on");
        assertThat(log.counts().held()).isZero();
        assertThat(counting(log)).contains("the clock is right again", "in chunks", "on").doesNotHaveDuplicates();
        assertThat(log.find(bulk.id()).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
    }

    /// A removal names the last event that counts, and that was lost, too: the plan named it, and was not admitted (seed 3855).
    @Tag("T02") @Tag("S09") @Test void of_what_was_lost_that_which_names_what_is_not_here_stays_void() {
        var other = open();
        var log = copyOf(other, NOW);
        writeOne(other, space.writer, FUTURE, "lost with the disk");
        write(other, space.owner, FUTURE + 1, new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", space.writer.signer().node().hex())));
        writeOne(other, space.owner, FUTURE + 2, "a year ahead");
        var owners = other.readMissing(log.state().tips(), 0, ALL, ALL).events().stream().filter(event -> event.chain().origin().equals(space.owner.signer().node())).toList();
        log.append(owners, NOW);
        var heir = new Author(space.owner.signer(), TestSpace.epoch("a restored disk"));
        writeOne(log, heir, NOW + 5, "the clock is right again");
        assertThat(counting(log)).contains("a year ahead", "the clock is right again").doesNotContain("lost with the disk");
        assertThat(log.state().members()).containsKey(space.writer.signer().node());
    }

    /// What was removed since may not be done again, and keeps nothing else from being repaired.
    @Tag("T02") @Test void of_what_was_lost_that_which_may_not_be_written_any_more_stays_void() {
        var other = open();
        var third = TestSpace.author("third");
        var log = copyOf(other, NOW);
        write(other, space.owner, FUTURE, member(third, Role.WRITER));
        write(other, space.owner, FUTURE + 1, new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", third.signer().node().hex())));
        writeOne(other, space.owner, FUTURE + 2, "a year ahead");
        log.append(other.readMissing(log.state().tips(), 0, ALL, ALL).events(), NOW);
        var heir = new Author(space.owner.signer(), TestSpace.epoch("a restored disk"));
        writeOne(log, heir, NOW + 5, "the clock is right again");
        assertThat(counting(log)).contains("a year ahead", "the clock is right again").doesNotHaveDuplicates();
        assertThat(log.counts().held()).isZero();
        assertThat(log.state().members()).doesNotContainKey(third.signer().node());
    }

    /// Else an event of now could rest on one that everybody holds until its time, and all that builds on it would wait as long.
    @Tag("T04") @Tag("A05") @Test void an_event_that_is_not_stamped_after_a_control_event_that_it_names_is_refused() {
        var log = open();
        var early = space.after(added, space.owner).draft(member(TestSpace.author("third"), Role.WRITER)).at(NOW + 2_000).event();
        var before = space.after(null, space.writer).control(early).at(NOW + 1_000).event();
        var after = space.after(null, space.writer).control(early).at(NOW + 3_000).event();
        assertThat(log.append(List.of(early, before, after), NOW)).element(1).isEqualTo(new Admission.Rejected(before, Admission.Reason.STAMP_NOT_AFTER_PARENTS));
        assertThat(log.find(after.id())).isPresent();
    }

    /// The head behind which it lies is not believed, so the heads alone do not say how late it is.
    @Tag("T04") @Test void a_local_event_is_stamped_after_the_control_events_that_it_names() {
        var log = open();
        var late = space.after(added, space.owner).draft(member(TestSpace.author("third"), Role.WRITER)).at(NOW + 10_000).event();
        var ahead = space.after(late, space.owner).at(FUTURE).event();
        log.append(List.of(late, ahead), FUTURE);
        var written = writeOne(log, space.writer, NOW, "now");
        assertThat(written.envelope().control()).containsExactly(late.id());
        assertThat(written.envelope().ts()).isGreaterThan(late.envelope().ts());
    }

    private static List<String> counting(EventLog log) {
        return log.read(0, ALL, ALL).stream().filter(Entry.Admitted.class::isInstance).map(Entry.Admitted.class::cast)
            .filter(entry -> entry.verdict() == Verdict.COUNTS && entry.event().body().get("text").isPresent()).map(entry -> entry.event().body().text("text")).toList();
    }

    @Test void a_member_added_with_a_wrong_clock_is_added_again() {
        var log = open();
        var third = TestSpace.author("third");
        write(log, space.owner, FUTURE, member(third, Role.WRITER));
        writeOne(log, space.owner, NOW, "the clock is right again");
        var other = copyOf(log, NOW);
        assertThat(other.state().members()).containsEntry(third.signer().node(), Role.WRITER);
        var byThird = writeOne(other, third, NOW, "hello");
        assertThat(log.append(List.of(byThird), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
    }

    /// What the control event is stamped with is believed now and not believed by the clock that was set back.
    @Test void a_clock_that_is_behind_what_made_the_node_a_member_is_named_as_the_reason() {
        var log = open();
        var joined = TestSpace.author("joined");
        write(log, space.owner, FUTURE, TestSpace.member(joined, Role.WRITER));
        assertThatThrownBy(() -> write(log, joined, NOW, TestSpace.draft("years behind"))).isInstanceOf(WriteRefused.class).hasMessageContaining("set the clock");
        assertThat(write(log, joined, FUTURE, TestSpace.draft("set right"))).hasSize(1);
    }

    /// What it wrote is stamped after the control event that it names, so neither is believed any more.
    @Tag("T02") @Test void a_clock_set_back_below_a_control_event_writes_again_without_it() {
        var log = open();
        var control = space.after(added, space.owner).draft(member(TestSpace.author("third"), Role.WRITER)).at(NOW + EventLog.FUTURE_MS_MAX - 10_000).event();
        var behind = space.after(control, space.owner).at(NOW + EventLog.FUTURE_MS_MAX - 500).event();
        log.append(List.of(control, behind), NOW);
        var before = writeOne(log, space.writer, NOW, "before");
        assertThat(before.envelope().control()).containsExactly(control.id());
        assertThat(before.envelope().ts()).isGreaterThan(control.envelope().ts());
        var after = writeOne(log, space.writer, NOW - 15_000, "after");
        assertThat(after.envelope().control()).containsExactly(added.id());
        assertThat(counting(log)).contains("before", "after").doesNotHaveDuplicates();
    }

    @Test void everything_of_an_epoch_is_void_when_all_of_it_was_stamped_in_the_future() {
        var log = open();
        var wrong = writeOne(log, space.writer, FUTURE, "first word");
        var now = writeOne(log, space.writer, NOW, "second word");
        assertThat(log.at(now.chain(), 0, 1).orElseThrow().event().body().integer("seq")).isZero();
        assertThat(log.find(wrong.id()).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
        assertThat(log.at(now.chain(), 0, 2).orElseThrow().event().body().text("text")).isEqualTo("first word");
    }

    @Test void a_new_epoch_given_by_the_caller_begins_with_its_first_draft_and_merges_the_old_one() {
        var log = open();
        var old = writeOne(log, space.writer, NOW, "old");
        var fresh = new Author(space.writer.signer(), TestSpace.epoch("restored"));
        var first = writeOne(log, fresh, NOW, "new");
        assertThat(first.seq()).isEqualTo(1);
        assertThat(first.envelope().merges()).contains(old.ref());
    }

    @Test void many_writers_and_readers_leave_one_gapless_log() throws Exception {
        var log = open();
        var threads = new ArrayList<Thread>();
        var failures = java.util.Collections.synchronizedList(new ArrayList<Throwable>());
        for (int thread = 0; thread < 4; thread++) {
            var author = thread % 2 == 0 ? space.owner : space.writer;
            threads.add(Thread.ofVirtual().unstarted(() -> {
                try {
                    for (int i = 0; i < 25; i++) {
                        log.write(author, List.of(draft("a"), draft("b")), List.of(), Map.of(), NOW);
                        log.read(0, 1000, ALL);
                        log.readMissing(List.of(), 0, ALL, ALL);
                        log.state().fingerprint();
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (var thread : threads) thread.join();
        assertThat(failures).isEmpty();
        assertThat(log.state().lastOffset()).isEqualTo(2 + 200);
        assertThat(log.state().forks()).isZero();
        List<EventId> ids = new ArrayList<>();
        for (var entry : log.read(0, 1000, ALL)) ids.add(((Entry.Admitted) entry).event().id());
        assertThat(ids).doesNotHaveDuplicates();
    }
}
