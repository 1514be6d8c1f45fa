package dev.waggle.core.log;

import dev.waggle.core.Property;
import dev.waggle.core.event.Event;
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
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: members who are removed, moved, replaced and inherited from, and what becomes of what they wrote. It extends
/// the other parts, so that one class runs all. Every scenario is offered in many orders of arrival.
public abstract class MembershipContract extends LocalWriteContract {
    private static final long DAY_MS = 24L * 3_600_000;
    private final Author mod = TestSpace.author("moderator");
    private final Author other = TestSpace.author("other");
    private final Event addMod = space.after(added, space.owner).draft(member(mod, Role.MODERATOR)).event();
    private final Event addOther = space.after(addMod, space.owner).draft(member(other, Role.WRITER)).event();
    private final Event kept = space.after(null, space.writer).control(addOther).at(NOW + 100).text("kept").event();
    private final Event beyond = space.after(kept, space.writer).text("beyond").event();

    private static NodeId node(Author author) {
        return author.signer().node();
    }

    private static Draft draft(String type, Object... members) {
        return new Draft(type, Json.object(members));
    }

    private static Json cut(Event... last) {
        return ControlEvent.cut(Stream.of(last).map(Event::ref).toList());
    }

    private static Draft removed(Author subject, Event... last) {
        return draft(ControlType.MEMBER_REMOVED, "subject", node(subject).hex(), "cuts", cut(last));
    }

    private static Draft role(Author subject, Role role, Event... last) {
        return draft(ControlType.ROLE_CHANGED, "subject", node(subject).hex(), "role", role.wire(), "cuts", cut(last));
    }

    private static Draft transferred(Author to, Event... last) {
        return draft(ControlType.OWNERSHIP_TRANSFERRED, "to", node(to).hex(), "cuts", cut(last));
    }

    private static Draft claimed(Author owner, Event... last) {
        return draft(ControlType.OWNERSHIP_CLAIMED, "subject", node(owner).hex(), "cuts", cut(last));
    }

    private static Draft rotated(Author from, Author to, Event... last) {
        return draft(ControlType.DEVICE_ROTATED, "subject", node(from).hex(), "to", node(to).hex(), "cuts", cut(last));
    }

    /// Offers the events in the order given, backwards, and in some other orders, and asks the same of every log.
    ///
    /// @param expected what the events are worth; those that are not named count
    private void inEveryOrder(List<Event> events, Map<NodeId, Role> members, List<Event> expected) {
        var all = new ArrayList<>(List.of(space.genesis, added, addMod, addOther, kept));
        events.stream().filter(event -> !all.contains(event)).forEach(all::add);
        var random = new Random(7);
        int orders = permutations() < 100 ? 4 : 60;
        for (int i = 0; i < orders; i++) {
            var order = new ArrayList<>(all);
            if (i == 1) Collections.reverse(order);
            else if (i > 1) Collections.shuffle(order, random);
            var log = empty();
            for (var event : order) log.append(List.of(event), NOW);
            LogChecks.check(log);
            var voids = LogChecks.verdicts(log).entrySet().stream().filter(each -> each.getValue() == Verdict.VOID).map(Map.Entry::getKey).toList();
            assertThat(log.counts().waiting()).isZero();
            assertThat(log.state().members()).as("order %d", i).isEqualTo(members);
            assertThat(voids).as("order %d", i).containsExactlyInAnyOrderElementsOf(expected.stream().map(Event::id).toList());
            assertThat(log.counts().voided()).isEqualTo(expected.size());
            closeAll();
        }
    }

    private Map<NodeId, Role> members(Object... pairs) {
        var members = new java.util.TreeMap<>(Map.of(node(space.owner), Role.OWNER, node(space.writer), Role.WRITER, node(mod), Role.MODERATOR, node(other), Role.WRITER));
        for (int i = 0; i < pairs.length; i += 2)
            if (pairs[i + 1] == null) members.remove(node((Author) pairs[i]));
            else members.put(node((Author) pairs[i]), (Role) pairs[i + 1]);
        return members;
    }

    @Tag("A05") @Test void a_removal_voids_all_but_what_it_names_in_every_epoch_and_branch_whatever_parents_and_stamps_say() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        var fork = space.after(kept, space.writer).text("a fork").at(NOW - 5_000 + 6_000).event();
        var backDated = space.after(null, space.writer).control(added).epoch(TestSpace.epoch("hidden")).at(NOW + 60).text("back-dated").event();
        var onTop = space.after(null, other).control(addOther).merging(beyond, backDated).text("an answer").event();
        inEveryOrder(List.of(beyond, removal, fork, backDated, onTop), members(space.writer, null), List.of(beyond, fork, backDated));
    }

    @Test void what_an_author_was_and_is_and_which_cut_voids_an_event_can_be_asked() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        var log = open();
        log.append(List.of(addMod, addOther, kept, beyond), NOW);
        assertThat(log.standing(space.genesis)).isEqualTo(new Standing(Optional.of(Role.OWNER), Optional.of(Role.OWNER), Optional.empty()));
        assertThat(log.standing(beyond)).isEqualTo(new Standing(Optional.of(Role.WRITER), Optional.of(Role.WRITER), Optional.empty()));
        log.append(List.of(removal), NOW);
        assertThat(log.standing(beyond)).isEqualTo(new Standing(Optional.of(Role.WRITER), Optional.empty(), Optional.of(new Standing.Cause.Cut(removal.id()))));
        assertThat(log.standing(kept).cause()).as("what the removal names counts").isEmpty();
        assertThatThrownBy(() -> log.standing(space.after(beyond, space.writer).event())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void of_two_removals_the_one_that_the_author_did_not_know_is_named() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        var again = space.after(removal, mod).draft(member(space.writer, Role.WRITER)).event();
        var goesOn = space.after(kept, space.writer).control(again).text("goes on").event();
        var second = space.after(again, mod).draft(removed(space.writer, kept)).event();
        var log = open();
        log.append(List.of(addMod, addOther, kept, removal, again, goesOn), NOW);
        assertThat(log.standing(goesOn).cause()).isEmpty();
        log.append(List.of(second), NOW);
        assertThat(log.standing(goesOn).cause()).contains(new Standing.Cause.Cut(second.id()));
    }

    @Test void an_event_whose_authors_right_rests_on_what_is_void_names_that_and_a_control_event_without_effect_says_so() {
        var demoted = space.after(addOther, space.owner).draft(removed(mod)).event();
        var hidden = space.after(null, mod).control(addOther).draft(member(space.stranger, Role.WRITER)).event();
        var note = space.after(null, space.stranger).control(hidden).text("let in by who was removed").event();
        var log = open();
        log.append(List.of(addMod, addOther, hidden, note), NOW);
        assertThat(log.standing(note).cause()).isEmpty();
        log.append(List.of(demoted), NOW);
        assertThat(log.standing(hidden).cause()).contains(new Standing.Cause.Outdone());
        assertThat(log.standing(note).cause()).contains(new Standing.Cause.Ground(hidden.id()));
        assertThat(log.standing(note).then()).as("where it wrote it believed to be a writer").contains(Role.WRITER);
    }

    @Tag("A05") @Test void who_was_removed_writes_nothing_that_names_the_removal_and_counts_again_when_added_again() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        var inSpite = space.after(beyond, space.writer).control(removal).text("in spite").event();
        var again = space.after(removal, mod).draft(member(space.writer, Role.WRITER)).event();
        var goesOn = space.after(beyond, space.writer).control(again).text("goes on").event();
        var log = open();
        log.append(List.of(addMod, addOther, kept, removal), NOW);
        assertThat(log.append(List.of(beyond), NOW)).singleElement().isInstanceOfSatisfying(Admission.Accepted.class,
            answer -> assertThat(answer.verdict()).isEqualTo(Verdict.VOID));
        assertThat(log.append(List.of(inSpite), NOW)).containsExactly(new Admission.Rejected(inSpite, Admission.Reason.NOT_ALLOWED));
        inEveryOrder(List.of(beyond, removal, again, goesOn), members(), List.of(beyond));
    }

    @Test void what_a_readmission_names_counts_again_and_a_cut_that_it_did_not_know_still_applies() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer)).event();
        var readmission = space.after(removal, mod)
            .draft(draft(ControlType.READMITTED, "subject", node(space.writer).hex(), "counts", cut(kept))).event();
        inEveryOrder(List.of(beyond, removal, readmission), members(space.writer, null), List.of(beyond));
        var owners = space.after(addOther, space.owner).draft(removed(space.writer)).event();
        inEveryOrder(List.of(beyond, removal, readmission, owners), members(space.writer, null), List.of(beyond, kept));
    }

    @Tag("A06") @Test void only_the_owner_gives_the_space_away_and_a_writer_readmits_nobody() {
        var gift = space.after(null, mod).control(addOther).draft(transferred(other)).event();
        var removal = space.after(null, mod).control(addOther).epoch(TestSpace.epoch("removes")).draft(removed(space.writer)).event();
        var readmission = space.after(null, other).control(removal)
            .draft(draft(ControlType.READMITTED, "subject", node(space.writer).hex(), "counts", cut(kept))).event();
        var log = open();
        log.append(List.of(addMod, addOther, kept, removal), NOW);
        for (var event : List.of(gift, readmission))
            assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.NOT_ALLOWED));
        assertThat(log.state().members()).isEqualTo(members(space.writer, null));
    }

    @Tag("A06") @Test void several_cuts_all_apply_and_nobody_cuts_an_equal_or_a_higher_rank() {
        var high = space.after(null, mod).control(addOther).draft(removed(space.writer, beyond)).event();
        var low = space.after(addOther, space.owner).draft(removed(space.writer, kept)).event();
        inEveryOrder(List.of(beyond, high, low), members(space.writer, null), List.of(beyond));
        var second = space.after(addOther, space.owner).draft(member(other, Role.MODERATOR)).event();
        var equal = space.after(null, mod).control(second).draft(removed(other)).event();
        var owner = space.after(null, mod).control(second).draft(removed(space.owner)).event();
        var byWriter = space.after(kept, space.writer).draft(removed(other)).event();
        var log = open();
        log.append(List.of(addMod, addOther, kept, second), NOW);
        assertThat(log.append(List.of(equal, owner, byWriter), NOW)).allMatch(answer -> answer instanceof Admission.Rejected no
            && no.reason() == Admission.Reason.NOT_ALLOWED);
    }

    @Tag("A06") @Test void a_cut_does_not_apply_where_a_higher_rank_concurrently_left_more() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        var raised = space.after(addOther, space.owner).draft(role(space.writer, Role.MODERATOR)).event();
        inEveryOrder(List.of(beyond, removal, raised), members(space.writer, Role.MODERATOR), List.of());
    }

    @Tag("A05") @Tag("lesson-old-settings") @Test void a_demoted_moderator_who_hides_behind_the_old_role_adds_and_removes_nobody() {
        var last = space.after(null, mod).control(addOther).text("last").event();
        var demotion = space.after(addOther, space.owner).draft(role(mod, Role.WRITER, last)).event();
        var sybil = TestSpace.author("sybil");
        var addSybil = space.after(null, mod).control(addOther).epoch(TestSpace.epoch("hidden")).at(NOW + 60).draft(member(sybil, Role.MODERATOR)).event();
        var bySybil = space.after(null, sybil).control(addSybil).text("by a sybil").event();
        var sybilsMember = space.after(bySybil, sybil).draft(member(TestSpace.author("fourth"), Role.WRITER)).event();
        var removesOther = space.after(addSybil, mod).epoch(TestSpace.epoch("hidden")).draft(removed(other)).event();
        var byOther = space.after(null, other).control(addOther).text("by the other").event();
        var honest = space.after(last, mod).control(demotion).text("as a writer").event();
        inEveryOrder(List.of(last, demotion, addSybil, bySybil, sybilsMember, removesOther, byOther, honest), members(mod, Role.WRITER),
            List.of(addSybil, bySybil, sybilsMember, removesOther));
    }

    @Tag("A05") @Test void a_void_rebase_voids_nothing() {
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, beyond)).event();
        var rebase = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("vandal"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(kept.chain(), Optional.empty()))).event();
        inEveryOrder(List.of(beyond, removal, rebase), members(space.writer, null), List.of(rebase));
        inEveryOrder(List.of(beyond, rebase), members(), List.of(kept, beyond));
    }

    @Tag("A06") @Test void of_two_transfers_by_one_owner_the_smaller_id_counts_and_what_the_other_led_to_is_void() {
        var one = space.after(addOther, space.owner).draft(transferred(mod, addOther)).event();
        var two = space.after(addOther, space.owner).epoch(TestSpace.epoch("owner")).draft(transferred(other, addOther)).text("").draft(transferred(other, addOther)).event();
        var first = one.id().compareTo(two.id()) < 0;
        var byMod = space.after(null, mod).control(one).draft(removed(space.writer)).event();
        var byOther = space.after(null, other).control(two).draft(removed(space.writer)).event();
        inEveryOrder(List.of(beyond, one, two), members(space.owner, Role.MODERATOR, first ? mod : other, Role.OWNER), List.of(first ? two : one));
        if (first) inEveryOrder(List.of(beyond, one, two, byOther), members(space.owner, Role.MODERATOR, mod, Role.OWNER), List.of(two, byOther));
        else inEveryOrder(List.of(beyond, one, two, byMod), members(space.owner, Role.MODERATOR, other, Role.OWNER, space.writer, null), List.of(one, kept, beyond));
    }

    @Tag("A06") @Test void who_was_the_owner_decides_nothing_beyond_the_transfer_and_the_new_owner_ranks_above_it() {
        var transfer = space.after(addOther, space.owner).draft(transferred(other, addOther)).event();
        var late = space.after(addOther, space.owner).text("a fork").draft(removed(mod)).event();
        var demotes = space.after(null, other).control(transfer).at(NOW + 2_000).draft(role(space.owner, Role.READER, transfer)).event();
        inEveryOrder(List.of(transfer, late, demotes), members(space.owner, Role.READER, other, Role.OWNER), List.of(late));
        var log = open();
        log.append(List.of(addMod, addOther, transfer), NOW);
        var still = space.after(transfer, space.owner).draft(removed(mod)).event();
        assertThat(log.append(List.of(still), NOW)).containsExactly(new Admission.Rejected(still, Admission.Reason.NOT_ALLOWED));
    }

    /// The moderator is the heir. Its claim counts until something of the owner turns up that is stamped within the thirty days before it.
    @Tag("A06") @Test void a_claim_counts_only_while_nothing_is_seen_of_the_owner_within_the_waiting_time() {
        var early = scene(NOW - 40 * DAY_MS);
        var claim = early.claim(mod, NOW);
        assertThat(early.log().append(List.of(claim), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
        assertThat(early.log().state().members()).containsEntry(node(mod), Role.OWNER).containsEntry(node(space.owner), Role.MODERATOR);
        var act = space.after(claim, mod).draft(member(TestSpace.author("late"), Role.MODERATOR)).event();
        early.log().append(List.of(act), NOW);
        var alive = space.after(early.last(), space.owner).at(NOW - 20 * DAY_MS).draft(draft(ControlType.SIGN_OF_LIFE)).event();
        early.log().append(List.of(alive), NOW);
        assertThat(early.log().state().members()).containsEntry(node(mod), Role.MODERATOR).containsEntry(node(space.owner), Role.OWNER);
        assertThat(LogChecks.verdicts(early.log())).containsEntry(claim.id(), Verdict.VOID).containsEntry(alive.id(), Verdict.COUNTS)
            .as("a moderator may add one, owner or not").containsEntry(act.id(), Verdict.COUNTS);
        var after = scene(NOW - 40 * DAY_MS);
        after.log().append(List.of(space.after(after.last(), space.owner).at(NOW - 20 * DAY_MS).text("alive").event()), NOW);
        after.log().append(List.of(claim, act), NOW);
        assertThat(after.log().state().members()).as("the other order").isEqualTo(early.log().state().members());
        assertThat(LogChecks.verdicts(after.log())).containsEntry(claim.id(), Verdict.VOID);
        var back = scene(NOW - 40 * DAY_MS);
        back.log().append(List.of(claim, space.after(back.last(), space.owner).at(NOW + 1_000).text("too late").event()), NOW);
        assertThat(back.log().state().members()).containsEntry(node(mod), Role.OWNER);
    }

    @Tag("A06") @Test void only_the_heir_claims_and_not_before_the_waiting_time() {
        var scene = scene(NOW - 40 * DAY_MS);
        assertThat(scene.log().append(List.of(scene.claim(other, NOW)), NOW)).singleElement().isInstanceOf(Admission.Rejected.class);
        assertThat(scene.log().append(List.of(scene.claim(mod, NOW - 15 * DAY_MS)), NOW)).singleElement().isInstanceOf(Admission.Rejected.class);
        var past = space.after(null, mod).control(scene.last()).epoch(TestSpace.epoch("1970")).at(31 * DAY_MS).draft(claimed(space.owner)).event();
        assertThat(scene.log().append(List.of(past), NOW)).as("back-dated to before its own membership").singleElement().isInstanceOf(Admission.Rejected.class);
    }

    private record Scene(EventLog log, Event last, TestSpace space) {
        Event claim(Author heir, long atMs) {
            return space.after(null, heir).control(last).at(atMs).draft(claimed(space.owner, last)).event();
        }
    }

    /// The owner adds a moderator and a writer at `atMs`, and is not seen again.
    private Scene scene(long atMs) {
        var log = empty();
        var one = space.after(space.genesis, space.owner).at(atMs).draft(member(mod, Role.MODERATOR)).event();
        var two = space.after(one, space.owner).at(atMs + 1).draft(member(other, Role.WRITER)).event();
        log.append(List.of(space.genesis, one, two), NOW);
        return new Scene(log, two, space);
    }

    @Tag("A08") @Test void another_key_takes_role_and_standing_and_the_old_one_writes_no_more() {
        var fresh = TestSpace.author("new key");
        var last = space.after(null, mod).control(addOther).text("last").event();
        var rotation = space.after(last, mod).draft(rotated(mod, fresh, last)).event();
        var thief = space.after(last, mod).text("the thief's fork").draft(member(TestSpace.author("fourth"), Role.WRITER)).event();
        var goesOn = space.after(null, fresh).control(rotation).draft(removed(space.writer, kept)).event();
        inEveryOrder(List.of(last, rotation, thief, goesOn, beyond), members(mod, null, fresh, Role.MODERATOR, space.writer, null), List.of(thief, beyond));
    }

    @Tag("A08") @Test void of_two_rotations_of_a_stolen_owners_key_the_smaller_id_counts() {
        var mine = TestSpace.author("mine");
        var thiefs = TestSpace.author("thiefs");
        var one = space.after(addOther, space.owner).draft(rotated(space.owner, mine, addOther)).event();
        var two = space.after(addOther, space.owner).text("").draft(rotated(space.owner, thiefs, addOther)).event();
        boolean first = one.id().compareTo(two.id()) < 0;
        inEveryOrder(List.of(one, two), members(space.owner, null, first ? mine : thiefs, Role.OWNER), List.of(first ? two : one));
    }

    @Tag("A08") @Tag("A09") @Test void who_ranks_above_a_member_replaces_its_lost_key_and_a_member_is_nobodys_new_key() {
        var fresh = TestSpace.author("new key");
        var byMod = space.after(null, mod).control(addOther).draft(rotated(space.writer, fresh, kept)).event();
        inEveryOrder(List.of(byMod, beyond), members(space.writer, null, fresh, Role.WRITER), List.of(beyond));
        var log = open();
        log.append(List.of(addMod, addOther, kept), NOW);
        var ontoMember = space.after(null, mod).control(addOther).draft(rotated(space.writer, other, kept)).event();
        var byEqual = space.after(null, other).control(addOther).draft(rotated(space.writer, fresh, kept)).event();
        assertThat(log.append(List.of(ontoMember, byEqual), NOW)).allMatch(Admission.Rejected.class::isInstance);
    }

    @Test void a_removal_of_a_member_whose_key_was_replaced_by_itself_reaches_the_new_key() {
        var fresh = TestSpace.author("new key");
        var rotation = space.after(kept, space.writer).draft(rotated(space.writer, fresh, kept)).event();
        var byFresh = space.after(null, fresh).control(rotation).text("by the new key").event();
        var removal = space.after(null, mod).control(rotation).draft(removed(fresh)).event();
        inEveryOrder(List.of(rotation, byFresh, removal), members(space.writer, null), List.of(byFresh));
    }

    @Test void what_takes_away_says_what_counts() {
        var log = open();
        log.append(List.of(addMod, addOther, kept), NOW);
        var noCuts = space.after(null, mod).control(addOther).draft(draft(ControlType.MEMBER_REMOVED, "subject", node(space.writer).hex())).event();
        assertThat(log.append(List.of(noCuts), NOW)).containsExactly(new Admission.Rejected(noCuts, Admission.Reason.BAD_CONTROL));
        var lowers = space.after(null, mod).control(addOther)
            .draft(draft(ControlType.ROLE_CHANGED, "subject", node(space.writer).hex(), "role", "reader")).event();
        assertThat(log.append(List.of(lowers), NOW)).containsExactly(new Admission.Rejected(lowers, Admission.Reason.NOT_ALLOWED));
        var unknown = space.after(null, mod).control(addOther).draft(removed(space.writer, beyond)).event();
        assertThat(log.append(List.of(unknown), NOW)).as("it waits for what it names").singleElement().isInstanceOf(Admission.Waiting.class);
        assertThat(log.append(List.of(beyond), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
        assertThat(log.state().members()).doesNotContainKey(node(space.writer));
    }

    @Test void a_removal_written_here_keeps_what_is_known_and_leaving_keeps_what_was_written() {
        var log = open();
        log.append(List.of(addMod, addOther, kept), NOW);
        log.write(mod, List.of(draft(ControlType.MEMBER_REMOVED, "subject", node(space.writer).hex())), List.of(), Map.of(), NOW);
        log.append(List.of(beyond), NOW);
        log.write(other, List.of(TestSpace.draft("one"), draft(ControlType.MEMBER_LEFT)), List.of(), Map.of(), NOW);
        assertThat(LogChecks.verdicts(log)).containsEntry(kept.id(), Verdict.COUNTS).containsEntry(beyond.id(), Verdict.VOID);
        assertThat(log.counts().voided()).isOne();
        assertThatThrownBy(() -> log.write(space.writer, List.of(TestSpace.draft("two")), List.of(), Map.of(), NOW)).isInstanceOf(WriteRefused.class);
        log.write(mod, List.of(draft(ControlType.READMITTED, "subject", node(space.writer).hex())), List.of(), Map.of(), NOW);
        assertThat(log.counts().voided()).isZero();
        LogChecks.check(log);
    }

    /// What was admitted as void while the rebase counted, others would hold who heard of the removal first (seed 497).
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_not_held_where_a_removal_took_the_rebase() {
        var ahead = space.after(kept, space.writer).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(kept.chain(), Optional.of(kept.ref())))).event();
        var removal = space.after(null, mod).control(addOther).draft(removed(space.writer, kept)).event();
        inEveryOrder(List.of(ahead, rebase, removal), members(space.writer, null), List.of(ahead, rebase));
    }

    /// It says nothing of who wrote both (seeds 1988, 2165).
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_not_held_for_a_handover_between_others() {
        var transfer = space.after(addOther, space.owner).draft(transferred(mod, addOther)).event();
        var ahead = space.after(kept, space.writer).control(transfer).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(kept.chain(), Optional.of(kept.ref())))).event();
        inEveryOrder(List.of(transfer, ahead, rebase), members(mod, Role.OWNER, space.owner, Role.MODERATOR), List.of(ahead));
    }

    /// It decides nothing any more, so who holds the one for the other waits for nothing (seed 257).
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_not_held_for_a_decision_that_was_taken_back_too() {
        var again = space.after(addOther, space.owner).at(NOW + 365 * DAY_MS).draft(member(space.writer, Role.WRITER)).event();
        var ahead = space.after(kept, space.writer).control(again).at(NOW + 366 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(kept.chain(), Optional.of(kept.ref())))).event();
        var ownersRebase = space.after(null, space.owner).control(addOther).epoch(TestSpace.epoch("owner's"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(addOther.chain(), Optional.of(addOther.ref())))).event();
        inEveryOrder(List.of(again, ahead, rebase, ownersRebase), members(space.owner, Role.OWNER), List.of(again, ahead));
    }

    /// Else an insider could rebase away what is stamped a year ahead, so that everybody admits it as void, and void that rebase by a cut of its own.
    @Tag("A05") @Test void a_cut_and_a_readmission_are_stamped_after_all_that_they_name() {
        var log = open();
        log.append(List.of(addMod, addOther, kept), NOW);
        for (var early : List.of(removed(space.writer, kept), draft(ControlType.READMITTED, "subject", node(space.writer).hex(), "counts", cut(kept)))) {
            var refused = space.after(null, mod).control(addOther).at(NOW + 50).draft(early).event();
            assertThat(log.append(List.of(refused), NOW)).containsExactly(new Admission.Rejected(refused, Admission.Reason.STAMP_NOT_AFTER_PARENTS));
        }
        var waits = space.after(null, mod).control(addOther).at(NOW + 50).draft(removed(space.writer, beyond)).event();
        assertThat(log.append(List.of(waits), NOW)).singleElement().isInstanceOf(Admission.Waiting.class);
        log.append(List.of(beyond), NOW);
        assertThat(log.counts().waiting()).as("refused when what it names has come").isZero();
        var ahead = space.after(beyond, space.writer).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(kept.chain(), Optional.of(beyond.ref())))).event();
        log.append(List.of(rebase, ahead), NOW);
        assertThat(LogChecks.verdicts(log)).as("void is void whatever the stamp").containsEntry(ahead.id(), Verdict.VOID);
        var own = space.after(null, space.writer).control(addOther).epoch(TestSpace.epoch("cut")).at(NOW + 1_000).draft(role(space.writer, Role.READER, ahead)).event();
        assertThat(log.append(List.of(own), NOW)).containsExactly(new Admission.Rejected(own, Admission.Reason.STAMP_NOT_AFTER_PARENTS));
        assertThat(LogChecks.verdicts(log)).containsEntry(ahead.id(), Verdict.VOID);
    }

    @Tag("T02") @Test void a_removal_written_here_names_nothing_that_is_stamped_in_this_clocks_future() {
        var log = open();
        var ahead = space.after(beyond, space.writer).at(NOW + DAY_MS).text("both clocks were wrong").event();
        log.append(List.of(addMod, addOther, kept, beyond, ahead), NOW + DAY_MS);
        var removal = log.write(mod, List.of(draft(ControlType.MEMBER_REMOVED, "subject", node(space.writer).hex())), List.of(), Map.of(), NOW).getFirst().event();
        assertThat(removal.body().get("cuts")).contains(cut(beyond));
        assertThat(LogChecks.verdicts(log)).containsEntry(beyond.id(), Verdict.COUNTS).containsEntry(ahead.id(), Verdict.VOID);
        var readmission = log.write(mod, List.of(draft(ControlType.READMITTED, "subject", node(space.writer).hex())), List.of(), Map.of(), NOW).getFirst().event();
        assertThat(readmission.body().get("counts")).contains(cut(beyond));
        var given = log.write(space.owner, List.of(draft(ControlType.MEMBER_REMOVED, "subject", node(space.writer).hex(), "cuts", cut(ahead))), List.of(), Map.of(), NOW);
        assertThat(given.getFirst().event().body().get("cuts")).as("neither when the caller names it").contains(cut(beyond));
    }

    /// The only head that is stamped after what it names is not believed.
    @Tag("T02") @Test void a_removal_written_here_is_stamped_after_what_it_names() {
        var log = open();
        var later = space.after(kept, space.writer).at(NOW + 10_000).event();
        var ahead = space.after(null, other).control(addOther).merging(later).at(NOW + DAY_MS).text("a day ahead").event();
        log.append(List.of(addMod, addOther, kept, later, ahead), NOW + DAY_MS);
        var removal = log.write(mod, List.of(draft(ControlType.MEMBER_REMOVED, "subject", node(space.writer).hex())), List.of(), Map.of(), NOW).getFirst().event();
        assertThat(removal.body().get("cuts")).contains(cut(later));
        assertThat(removal.envelope().ts()).isGreaterThan(later.envelope().ts());
    }

    /// What it has known it goes on naming: else its own log would refuse the next event.
    @Tag("A05") @Test void a_node_names_a_control_event_that_became_void_for_as_long_as_its_chain_goes_on() {
        var log = open();
        var byMod = space.after(null, mod).control(addOther).draft(member(TestSpace.author("third"), Role.WRITER)).event();
        log.append(List.of(addMod, addOther, byMod), NOW);
        var before = log.write(space.writer, List.of(TestSpace.draft("knows the third")), List.of(), Map.of(), NOW + 10).getFirst().event();
        var removal = space.after(addOther, space.owner).draft(removed(mod)).event();
        log.append(List.of(removal), NOW + 2_000);
        assertThat(LogChecks.verdicts(log)).containsEntry(byMod.id(), Verdict.VOID);
        var after = log.write(space.writer, List.of(TestSpace.draft("knows the removal")), List.of(), Map.of(), NOW + 3_000).getFirst().event();
        assertThat(after.chain()).isEqualTo(before.chain());
        assertThat(after.envelope().control()).containsExactlyInAnyOrder(byMod.id(), removal.id());
    }

    /// The right came from an owner whose clock was as wrong: it takes effect in a year, and what rests on it is void until then. All else is written again.
    @Tag("T02") @Test void a_repaired_clock_leaves_void_what_was_decided_with_a_right_of_years_to_come() {
        long future = NOW + 365 * DAY_MS;
        var log = open();
        log.append(List.of(addMod, addOther), NOW);
        log.write(space.owner, List.of(draft(ControlType.OWNERSHIP_TRANSFERRED, "to", node(space.writer).hex())), List.of(), Map.of(), future);
        log.write(space.writer, List.of(TestSpace.draft("a year ahead"), removed(other)), List.of(), Map.of(), future + 1);
        assertThat(log.state().members()).doesNotContainKey(node(other));
        log.write(space.writer, List.of(TestSpace.draft("the clock is right again")), List.of(), Map.of(), NOW + 5);
        assertThat(log.hasWrongStamps(node(space.writer), NOW + 5)).isFalse();
        var counting = new ArrayList<String>();
        for (var entry : log.read(0, 1_000, 1 << 20))
            if (entry instanceof Entry.Admitted(_, var event, _) && event.chain().origin().equals(node(space.writer)) && event.envelope().ts().wallMs() < future) counting.add(event.body().textIfPresent("text").orElse(event.type()));
        assertThat(counting).contains("a year ahead", "the clock is right again").doesNotContain(ControlType.MEMBER_REMOVED);
    }

    /// What it cuts of its own is where it was written again: the old places are void, and naming them would void the repair.
    @Tag("T02") @Tag("A06") @Test void a_transfer_that_is_written_again_spares_what_is_written_again_with_it() {
        long future = NOW + DAY_MS;
        var log = open();
        log.append(List.of(addMod, addOther), NOW);
        log.write(space.owner, List.of(TestSpace.draft("a day ahead"), draft(ControlType.OWNERSHIP_TRANSFERRED, "to", node(mod).hex())), List.of(), Map.of(), future);
        log.write(space.owner, List.of(TestSpace.draft("the clock is right again")), List.of(), Map.of(), NOW + 5);
        var others = empty();
        others.append(log.readMissing(List.of(), 0, 1_000, 1 << 20).events(), NOW + 5);
        assertThat(others.counts().held()).as("what decides about the rebase's own author might take the rebase with it").isOne();
        assertThat(others.state().members()).containsEntry(node(mod), Role.OWNER).containsEntry(node(space.owner), Role.MODERATOR);
        var counting = new ArrayList<Event>();
        for (var entry : others.read(0, 1_000, 1 << 20))
            if (entry instanceof Entry.Admitted(_, var event, _) && LogChecks.verdicts(others).get(event.id()) == Verdict.COUNTS) counting.add(event);
        assertThat(counting).allMatch(event -> event.envelope().ts().wallMs() < NOW + EventLog.FUTURE_MS_MAX);
        assertThat(counting).extracting(event -> event.body().textIfPresent("text").orElse("")).contains("a day ahead", "the clock is right again");
    }

    /// An accomplice had added the member a second time, and is removed: the rebase falls, and what it voided counts.
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_held_where_the_rebase_may_fall_without_it() {
        var log = open();
        var again = space.after(null, mod).control(addMod).draft(member(other, Role.WRITER)).event();
        var ahead = space.after(null, other).control(addOther).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, other).control(again).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(ahead.chain(), Optional.empty()))).event();
        log.append(List.of(addMod, addOther, again, rebase, ahead), NOW);
        assertThat(log.counts().held()).isOne();
        log.append(List.of(space.after(addOther, space.owner).draft(removed(mod)).event()), NOW);
        assertThat(LogChecks.verdicts(log)).containsEntry(rebase.id(), Verdict.VOID).doesNotContainKey(ahead.id());
    }

    /// The writer left without saying what counts, and an accomplice added it again: what it wrote before it left counts, a rebase after that may fall.
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_held_where_the_rebase_has_a_right_of_its_own() {
        var log = open();
        var ahead = space.after(null, other).control(addOther).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var left = space.after(null, other).control(addOther).epoch(TestSpace.epoch("left")).draft(draft(ControlType.MEMBER_LEFT)).event();
        var again = space.after(null, mod).control(left).draft(member(other, Role.WRITER)).event();
        var rebase = space.after(null, other).control(again).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(ahead.chain(), Optional.empty()))).event();
        log.append(List.of(addMod, addOther, left, again, rebase, ahead), NOW);
        assertThat(log.counts().held()).isOne();
        log.append(List.of(space.after(addOther, space.owner).draft(removed(mod)).event()), NOW);
        assertThat(LogChecks.verdicts(log)).containsEntry(rebase.id(), Verdict.VOID).doesNotContainKey(ahead.id());
    }

    /// The removal that the event names, and the rebase does not, is void now; once it counts it takes the rebase alone.
    @Tag("A05") @Tag("T02") @Test void what_was_rebased_away_is_held_where_the_rebase_rests_on_less() {
        var log = open();
        var removal = space.after(null, mod).control(addOther).draft(removed(other)).event();
        var again = space.after(addOther, space.owner).control(removal).draft(member(other, Role.WRITER)).at(NOW + 2_000).event();
        var ahead = space.after(null, other).control(again).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var rebase = space.after(null, other).control(addOther).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(ahead.chain(), Optional.empty()))).event();
        log.append(List.of(addMod, addOther, removal, again, space.after(again, space.owner).at(NOW + 3_000).draft(removed(mod)).event(), rebase, ahead), NOW);
        assertThat(LogChecks.verdicts(log)).containsEntry(removal.id(), Verdict.VOID).containsEntry(rebase.id(), Verdict.COUNTS).doesNotContainKey(ahead.id());
        assertThat(log.counts().held()).isOne();
    }

    /// The rebase rests on what it voids rests on, and on what the owner gave, and falls with it.
    @Tag("T02") @Test void what_its_author_has_rebased_away_is_admitted_although_a_cut_reaches_other_events_of_his() {
        var log = open();
        var lowered = space.after(addOther, space.owner).draft(role(mod, Role.WRITER)).event();
        var ahead = space.after(null, mod).control(lowered).at(NOW + 365 * DAY_MS).text("a year ahead").event();
        var raised = space.after(lowered, space.owner).draft(draft(ControlType.ROLE_CHANGED, "subject", node(mod).hex(), "role", "moderator")).event();
        var rebase = space.after(null, mod).control(raised).epoch(TestSpace.epoch("rebased"))
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(ahead.chain(), Optional.empty()))).event();
        log.append(List.of(addMod, addOther, lowered, raised, rebase, ahead), NOW);
        assertThat(log.counts().held()).isZero();
        assertThat(LogChecks.verdicts(log)).containsEntry(ahead.id(), Verdict.VOID).containsEntry(rebase.id(), Verdict.COUNTS);
        log.append(List.of(space.after(raised, space.owner).draft(removed(mod)).event()), NOW);
        assertThat(LogChecks.verdicts(log)).containsEntry(ahead.id(), Verdict.VOID).containsEntry(rebase.id(), Verdict.VOID);
    }

    @Tag("N01") @Tag("A05") @Tag("A06") @Test void random_changes_of_members_have_one_outcome_in_any_order() {
        Property.check(Math.max(3, permutations() / 2), random -> {
            var reference = empty();
            var history = ControlHistories.of(space, new Random(random.nextLong()), reference, 50);
            for (int round = 0; round < 2; round++) {
                var shuffled = new ArrayList<>(history);
                Collections.shuffle(shuffled, new Random(random.nextLong()));
                var log = empty();
                for (int from = 0; from < shuffled.size(); ) {
                    int to = Math.min(shuffled.size(), from + 1 + random.nextInt(6));
                    log.append(shuffled.subList(from, to), NOW);
                    from = to;
                }
                assertThat(log.state().fingerprint()).isEqualTo(reference.state().fingerprint());
                assertThat(log.state().members()).isEqualTo(reference.state().members());
                assertThat(log.state().control()).isEqualTo(reference.state().control());
                assertThat(LogChecks.verdicts(log)).isEqualTo(LogChecks.verdicts(reference));
                assertThat(log.counts().voided()).isEqualTo(reference.counts().voided());
                LogChecks.check(log);
            }
            closeAll();
        });
    }
}
