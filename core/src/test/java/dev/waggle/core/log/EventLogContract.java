package dev.waggle.core.log;

import dev.waggle.core.Property;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: admission of events of others. [WaitingContract] adds what waits and what is held, [ReadingContract] what is read and
/// served, [LocalWriteContract] what is written here; memory and SQL each extend the last.
public abstract class EventLogContract {
    protected static final int ALL = Integer.MAX_VALUE;
    protected final TestSpace space = new TestSpace();
    protected final TestKeys keys = new TestKeys();
    private final List<EventLog> opened = new ArrayList<>();

    /// An empty log of its own.
    protected abstract EventLog open(SpaceId id, Verifier verifier, Supplier<Epoch> fresh) throws Exception;

    protected EventLog empty() {
        try {
            var log = open(space.id, keys, space::fresh);
            opened.add(log);
            return log;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// A log with its genesis and a second member that may write.
    protected EventLog open() {
        var log = empty();
        log.append(List.of(space.genesis), NOW);
        log.append(List.of(added), NOW);
        return log;
    }

    protected final Event added = space.after(space.genesis, space.owner).draft(member(space.writer, Role.WRITER)).event();

    @AfterEach void every_event_is_in_a_class_and_every_entry_after_its_causes() {
        for (var log : opened) {
            LogChecks.check(log);
            log.close();
        }
    }

    @Test void an_empty_log_accepts_only_the_genesis_that_is_its_space() {
        var other = Genesis.write(space.owner, "another", "table", Json.object(), new byte[32]);
        var log = empty();
        assertThat(log.append(List.of(other), NOW)).containsExactly(new Admission.Rejected(other, Admission.Reason.WRONG_SPACE));
        assertThat(log.append(List.of(space.genesis), NOW)).containsExactly(new Admission.Accepted(space.genesis, 1, Verdict.COUNTS));
        assertThat(log.state().members()).containsExactly(Map.entry(space.owner.signer().node(), Role.OWNER));
        assertThat(log.state().control()).containsExactly(space.genesis.id());
        assertThat(log.state().lastOffset()).isEqualTo(1);
    }

    @Tag("N01") @Tag("lesson-applied-twice") @Test void appending_the_same_event_twice_keeps_one() {
        var log = open();
        var event = space.after(null, space.writer).control(added).event();
        assertThat(log.append(List.of(event, event), NOW)).containsExactly(new Admission.Accepted(event, 3, Verdict.COUNTS), new Admission.Duplicate(event));
        assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Duplicate(event));
        assertThat(log.read(0, 10, ALL)).extracting(Entry::offset).containsExactly(1L, 2L, 3L);
        assertThat(log.counts().duplicate()).isEqualTo(2);
    }

    @Tag("A07") @Test void both_branches_of_a_fork_are_kept_and_count() {
        var log = open();
        var one = space.after(null, space.writer).control(added).text("one").event();
        var two = space.after(one, space.writer).text("two").event();
        var other = space.after(one, space.writer).text("other").event();
        var next = space.after(other, space.writer).text("next").event();
        var begin = space.after(null, space.writer).control(added).text("another beginning").event();
        assertThat(log.append(List.of(one, two, next, other, begin), NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(log.state().forks()).isEqualTo(1);
        assertThat(log.counts().forks()).isEqualTo(1);
        var chain = one.chain();
        assertThat(log.state().tips()).filteredOn(tip -> tip.chain().equals(chain)).extracting(Tip::id)
            .containsExactlyInAnyOrder(two.id(), next.id(), begin.id());
        assertThat(log.at(chain, 0, 2).orElseThrow().event()).isEqualTo(two);
        assertThat(log.at(chain, 1, 3).orElseThrow().event()).isEqualTo(next);
        assertThat(log.at(chain, 1, 2).orElseThrow().event()).isEqualTo(other);
        assertThat(log.at(chain, 1, 1).orElseThrow().event()).as("below the fork a branch is its parent").isEqualTo(one);
        assertThat(log.at(chain, 2, 1).orElseThrow().event()).isEqualTo(begin);
        assertThat(log.at(chain, 2, 2)).isEmpty();
        assertThat(log.append(List.of(two, next, begin), NOW)).allMatch(Admission.Duplicate.class::isInstance);
    }

    @Test void a_branch_is_read_as_far_as_it_goes() {
        var log = open();
        var begin = space.after(null, space.writer).control(added).event();
        var two = space.after(begin, space.writer).event();
        log.append(List.of(begin, two), NOW);
        var branch = log.branches().stream().filter(each -> each.tipId().equals(two.id())).findFirst().orElseThrow();
        long first = begin.seq();
        assertThat(log.readBranch(branch, first - 5, first + 10, 10, ALL)).extracting(entry -> entry.event().id()).containsExactly(begin.id(), two.id());
        assertThat(log.readBranch(branch, first + 1, first + 10, 10, ALL)).extracting(entry -> entry.event().id()).containsExactly(two.id());
        assertThat(log.readBranch(branch, first + 2, first + 10, 10, ALL)).isEmpty();
    }

    @Test void a_search_for_bytes_meets_every_event_that_holds_them_in_either_direction() {
        var log = open();
        var events = new ArrayList<Event>();
        for (int i = 0; i < 12; i++) {
            var after = events.isEmpty() ? space.after(null, space.writer).control(added) : space.after(events.getLast(), space.writer);
            events.add(after.text(i % 3 == 0 ? "a needle" : "hay").event());
        }
        log.append(events, NOW);
        long last = log.state().lastOffset();
        var needles = IntStream.range(0, 12).filter(i -> i % 3 == 0).mapToObj(i -> events.get(i).id()).toList();
        var bytes = "needle".getBytes(StandardCharsets.UTF_8);
        for (boolean newestFirst : new boolean[] {false, true})
            for (int limit = 1; limit <= 15; limit++) {
                var met = new ArrayList<Entry>();
                long after = 0;
                long before = last + 1;
                for (var page = log.readHolding(bytes, after, before, newestFirst, limit, ALL); !page.isEmpty(); page = log.readHolding(bytes, after, before, newestFirst, limit, ALL)) {
                    assertThat(page.size()).isLessThanOrEqualTo(limit);
                    assertThat(met.size()).as("it goes on").isLessThan(100);
                    met.addAll(page);
                    if (newestFirst) before = page.getLast().offset();
                    else after = page.getLast().offset();
                }
                assertThat(met).extracting(Entry::offset).isSortedAccordingTo(newestFirst ? Comparator.<Long>reverseOrder() : Comparator.<Long>naturalOrder()).doesNotHaveDuplicates();
                assertThat(met.stream().map(entry -> ((Entry.Admitted) entry).event().id()).filter(needles::contains).toList()).isEqualTo(newestFirst ? needles.reversed() : needles);
            }
        assertThat(log.readHolding(bytes, last - 3, last, false, 10, ALL)).extracting(Entry::offset).allMatch(offset -> offset > last - 3 && offset < last);
        assertThat(log.readHolding(bytes, 0, last + 1, false, 10, 1)).as("one at least, whatever its size").hasSize(1);
    }

    @Tag("A05") @Test void strangers_are_rejected_and_so_is_what_builds_on_them() {
        var log = open();
        var event = space.after(null, space.stranger).event();
        var onIt = space.after(event, space.stranger).event();
        assertThat(log.append(List.of(onIt), NOW)).containsExactly(new Admission.Rejected(onIt, Admission.Reason.NOT_ALLOWED));
        assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.NOT_ALLOWED));
        assertThat(log.counts().rejected()).isEqualTo(2);
        assertThat(log.state().lastOffset()).isEqualTo(2);
    }

    @Test void an_author_that_is_no_key_is_rejected() {
        var log = open();
        var nobody = new Author(new Signer() {
            @Override public NodeId node() {
                return TestKeys.NO_KEY;
            }

            @Override public byte[] sign(byte[] message) {
                return new byte[64];
            }
        }, TestSpace.epoch("nobody"));
        var event = space.after(null, nobody).control(added).event();
        assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.BAD_KEY));
    }

    @Test void a_run_is_split_before_its_first_event_from_the_future() {
        var log = open();
        var good = space.after(null, space.writer).control(added).event();
        var early = space.after(good, space.writer).at(NOW + 3_600_000).event();
        assertThat(log.append(List.of(good, early), NOW)).map(Admission::getClass).map(Class::getSimpleName).containsExactly("Accepted", "Held");
    }

    @Test void a_long_run_keeps_signatures_often_enough_to_be_served_in_pieces() {
        var log = open();
        var chain = new ArrayList<>(space.chain(null, space.writer, 150, List.of(added.id())));
        for (int i = 0; i < 8; i++) chain.add(space.after(chain.getLast(), space.writer).text("x".repeat(60_000)).event());
        log.append(chain, NOW);
        int events = 0;
        int bytes = 0;
        for (var event : log.readMissing(List.of(), 2, ALL, ALL).events()) {
            events++;
            bytes += event.payload().length;
            assertThat(events).isLessThanOrEqualTo(EventLog.UNSIGNED_RUN_EVENTS_MAX + 1);
            assertThat(bytes).isLessThanOrEqualTo(EventLog.UNSIGNED_RUN_BYTES_MAX);
            if (event.signature().isPresent()) events = bytes = 0;
        }
    }

    @Tag("A05") @Test void authority_is_judged_at_the_control_events_that_an_event_names() {
        var log = open();
        var before = space.after(null, space.writer).control(space.genesis).event();
        assertThat(log.append(List.of(before), NOW)).as("not yet a member there").containsExactly(
            new Admission.Rejected(before, Admission.Reason.NOT_ALLOWED));
        var first = space.after(null, space.writer).control(added).event();
        var left = space.after(first, space.writer).draft(new Draft(ControlType.MEMBER_LEFT, Json.object())).event();
        var afterwards = space.after(left, space.writer).event();
        assertThat(log.append(List.of(first, left, afterwards), NOW)).map(Admission::getClass).map(Class::getSimpleName)
            .containsExactly("Accepted", "Accepted", "Rejected");
        assertThat(log.state().members()).containsOnlyKeys(space.owner.signer().node());
    }

    @Tag("A05") @Test void a_member_gives_no_more_than_it_has() {
        var log = open();
        var third = TestSpace.author("third");
        var byWriter = space.after(null, space.writer).control(added).draft(member(third, Role.READER)).event();
        var secondOwner = space.after(added, space.owner).draft(member(third, Role.OWNER)).event();
        var unknownRole = space.after(added, space.owner).draft(new Draft(ControlType.MEMBER_ADDED,
            Json.object("subject", third.signer().node().hex(), "role", "emperor"))).event();
        var noKey = space.after(added, space.owner).draft(member(TestKeys.NO_KEY, Role.WRITER)).event();
        assertThat(log.append(List.of(byWriter, secondOwner, unknownRole, noKey), NOW)).map(answer -> ((Admission.Rejected) answer).reason())
            .containsExactly(Admission.Reason.NOT_ALLOWED, Admission.Reason.NOT_ALLOWED, Admission.Reason.BAD_CONTROL, Admission.Reason.BAD_CONTROL);
        var reader = space.after(added, space.owner).draft(member(third, Role.READER)).event();
        var byReader = space.after(null, third).control(reader).event();
        assertThat(log.append(List.of(reader, byReader), NOW)).map(Admission::getClass).map(Class::getSimpleName).containsExactly("Accepted", "Rejected");
    }

    @Tag("A06") @Tag("lesson-leave-for-others") @Test void a_moderator_adds_members_but_takes_nothing_from_its_equals() {
        var log = open();
        var mod = TestSpace.author("moderator");
        var peer = TestSpace.author("other moderator");
        var addMod = space.after(added, space.owner).draft(member(mod, Role.MODERATOR)).event();
        var addPeer = space.after(addMod, space.owner).draft(member(peer, Role.MODERATOR)).event();
        log.append(List.of(addMod, addPeer), NOW);
        var demotes = space.after(null, mod).control(addPeer).draft(member(peer, Role.READER)).event();
        var demotesOwner = space.after(null, mod).control(addPeer).draft(member(space.owner, Role.READER)).event();
        assertThat(log.append(List.of(demotes, demotesOwner), NOW)).allMatch(Admission.Rejected.class::isInstance);
        var raises = space.after(null, mod).control(addPeer).draft(member(space.writer, Role.MODERATOR)).event();
        var stepsDown = space.after(null, peer).control(addPeer).draft(member(peer, Role.WRITER)).event();
        assertThat(log.append(List.of(raises, stepsDown), NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(log.state().members()).containsEntry(space.writer.signer().node(), Role.MODERATOR).containsEntry(peer.signer().node(), Role.WRITER);
        assertThat(log.state().control()).as("two concurrent heads").hasSize(2);
    }

    @Tag("A06") @Test void of_concurrent_control_events_the_higher_rank_counts_then_the_smaller_role_in_any_order() {
        var mod = TestSpace.author("moderator");
        var subject = TestSpace.author("subject");
        var addMod = space.after(added, space.owner).draft(member(mod, Role.MODERATOR)).event();
        var byOwner = space.after(addMod, space.owner).draft(member(subject, Role.WRITER)).event();
        var byMod = space.after(null, mod).control(addMod).draft(member(subject, Role.READER)).event();
        for (var order : List.of(List.of(byOwner, byMod), List.of(byMod, byOwner))) {
            var log = open();
            log.append(List.of(addMod), NOW);
            log.append(order.subList(0, 1), NOW);
            log.append(order.subList(1, 2), NOW);
            assertThat(log.state().members()).containsEntry(subject.signer().node(), Role.WRITER);
        }
    }

    @Tag("A06") @Test void of_concurrent_control_events_of_one_rank_the_one_that_takes_more_away_counts() {
        var one = TestSpace.author("one moderator");
        var two = TestSpace.author("two moderator");
        var subject = TestSpace.author("subject");
        var addOne = space.after(added, space.owner).draft(member(one, Role.MODERATOR)).event();
        var addTwo = space.after(addOne, space.owner).draft(member(two, Role.MODERATOR)).event();
        for (var roles : List.of(List.of(Role.WRITER, Role.READER), List.of(Role.READER, Role.WRITER))) {
            var log = open();
            log.append(List.of(addOne, addTwo), NOW);
            log.append(List.of(space.after(null, one).control(addTwo).draft(member(subject, roles.get(0))).event(),
                space.after(null, two).control(addTwo).draft(member(subject, roles.get(1))).event()), NOW);
            assertThat(log.state().members()).containsEntry(subject.signer().node(), Role.READER);
        }
    }

    @Test void leaving_removes_nobody_but_its_author_whomever_it_names() {
        var log = open();
        var third = TestSpace.author("third");
        var addThird = space.after(added, space.owner).draft(member(third, Role.WRITER)).event();
        var left = space.after(null, third).control(addThird)
            .draft(new Draft(ControlType.MEMBER_LEFT, Json.object("subject", space.writer.signer().node().hex()))).event();
        assertThat(log.append(List.of(addThird, left), NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(log.state().members()).containsOnlyKeys(space.owner.signer().node(), space.writer.signer().node());
    }

    /// The owner demotes a moderator who demotes the member whom another moderator raises while it leaves.
    @Tag("A06") @Test void five_concurrent_changes_of_members_have_one_outcome_in_all_their_orders() {
        var one = TestSpace.author("one moderator");
        var two = TestSpace.author("two moderator");
        var addOne = space.after(added, space.owner).draft(member(one, Role.MODERATOR)).event();
        var addTwo = space.after(addOne, space.owner).draft(member(two, Role.MODERATOR)).event();
        var changes = List.of(
            space.after(null, one).control(addTwo).draft(member(space.writer, Role.MODERATOR)).event(),
            space.after(null, two).control(addTwo).draft(member(space.writer, Role.READER)).event(),
            space.after(addTwo, space.owner).draft(member(two, Role.WRITER)).event(),
            space.after(null, space.writer).control(addTwo).draft(new Draft(ControlType.MEMBER_LEFT, Json.object())).event(),
            space.after(null, one).control(addTwo).epoch(TestSpace.epoch("another epoch")).draft(member(TestSpace.author("third"), Role.WRITER)).event());
        List<Object> outcome = null;
        var orders = orders(changes);
        int step = permutations() < 100 ? 9 : 1;                // a store with more costly logs takes some of them
        for (var order : IntStream.range(0, orders.size()).filter(i -> i % step == 0).mapToObj(orders::get).toList()) {
            var log = open();
            log.append(List.of(addOne, addTwo), NOW);
            for (var event : order) log.append(List.of(event), NOW);
            List<Object> here = List.of(log.state().members(), log.state().control(), LogChecks.verdicts(log), log.counts().rejected());
            if (outcome == null) outcome = here;
            assertThat(here).isEqualTo(outcome);
            closeAll();
        }
    }

    private static <T> List<List<T>> orders(List<T> all) {
        if (all.isEmpty()) return List.of(List.of());
        var orders = new ArrayList<List<T>>();
        for (var first : all) {
            var rest = new ArrayList<>(all);
            rest.remove(first);
            for (var order : orders(rest)) {
                var whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }

    @Tag("A05") @Test void control_never_goes_back_along_a_chain() {
        var log = open();
        var one = space.after(null, space.writer).control(added).event();
        var third = space.after(added, space.owner).draft(member(TestSpace.author("third"), Role.WRITER)).event();
        var knowing = space.after(one, space.writer).control(third).event();
        var back = space.after(knowing, space.writer).control(added).event();
        var ownBack = space.after(third, space.owner).control(space.genesis).event();
        assertThat(log.append(List.of(one, third, knowing, back, ownBack), NOW)).map(Admission::getClass).map(Class::getSimpleName)
            .containsExactly("Accepted", "Accepted", "Accepted", "Rejected", "Rejected");
        assertThat(log.append(List.of(back), NOW)).containsExactly(new Admission.Rejected(back, Admission.Reason.CONTROL_WENT_BACK));
    }

    @Tag("T04") @Test void a_stamp_is_greater_than_that_of_every_parent() {
        var log = open();
        var one = space.after(null, space.writer).control(added).at(NOW + 1_000).event();
        var same = space.after(one, space.writer).at(NOW + 1_000).event();
        var late = space.after(added, space.owner).merging(one).at(NOW + 999).event();
        var equal = space.after(added, space.owner).merging(one).at(NOW + 1_000).event();
        assertThat(log.append(List.of(one), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
        assertThat(log.append(List.of(same, late, equal), NOW)).allMatch(answer -> answer instanceof Admission.Rejected no
            && no.reason() == Admission.Reason.STAMP_NOT_AFTER_PARENTS);
    }

    @Tag("N15") @Tag("A04") @Test void an_event_of_another_space_a_broken_chain_and_a_second_genesis_are_rejected() {
        var log = open();
        var elsewhere = space.after(null, space.writer).space(new SpaceId("ab".repeat(32))).event();
        var one = space.after(null, space.writer).control(added).event();
        var skips = space.after(one, space.writer).seq(7).event();
        var impostor = space.after(null, space.owner).epoch(TestSpace.epoch("x")).draft(new Draft(ControlType.GENESIS, Json.object())).event();
        assertThat(log.append(List.of(elsewhere, one, skips, impostor), NOW).stream().filter(Admission.Rejected.class::isInstance)
            .map(answer -> ((Admission.Rejected) answer).reason())).containsExactly(
            Admission.Reason.WRONG_SPACE, Admission.Reason.BROKEN_CHAIN, Admission.Reason.BAD_GENESIS);
        assertThat(log.append(List.of(skips), NOW)).containsExactly(new Admission.Rejected(skips, Admission.Reason.BROKEN_CHAIN));
    }

    @Tag("lesson-unverified-pull") @Test void a_bad_signature_is_rejected_and_what_it_stood_for_may_arrive_later() {
        var log = open();
        var good = space.after(null, space.writer).control(added).event();
        var bad = good.withSignature(new byte[64]);
        assertThat(log.append(List.of(bad), NOW)).containsExactly(new Admission.Rejected(bad, Admission.Reason.BAD_SIGNATURE));
        assertThat(log.append(List.of(good.withoutSignature()), NOW)).containsExactly(new Admission.Rejected(good, Admission.Reason.BAD_SIGNATURE));
        assertThat(log.append(List.of(good), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
        assertThat(log.append(List.of(bad), NOW)).containsExactly(new Admission.Duplicate(good));
    }

    /// Whoever has the key can sign one payload in many ways. The id is that of the payload.
    @Tag("A02") @Test void a_second_good_signature_makes_no_second_event_and_the_first_is_kept() throws Exception {
        var lenient = new Verifier() {
            @Override public boolean verify(NodeId signer, byte[] message, byte[] signature) {
                return keys.verify(signer, message, signature) || keys.verify(signer, message, otherwise(signature));
            }
        };
        try (var log = open(space.id, lenient, space::fresh)) {
            log.append(List.of(space.genesis, added), NOW);
            var event = space.after(null, space.writer).control(added).event();
            var again = event.withSignature(otherwise(event.signature().orElseThrow()));
            assertThat(again.id()).isEqualTo(event.id());
            assertThat(log.append(List.of(event, again), NOW)).containsExactly(new Admission.Accepted(event, 3, Verdict.COUNTS), new Admission.Duplicate(event));
            assertThat(log.append(List.of(again), NOW)).containsExactly(new Admission.Duplicate(event));
            assertThat(log.find(event.id()).orElseThrow().event().signature().orElseThrow()).isEqualTo(event.signature().orElseThrow());
            LogChecks.check(log);
        }
    }

    /// A second spelling of a signature, for a verifier that takes both.
    private static byte[] otherwise(byte[] signature) {
        var other = signature.clone();
        for (int i = 0; i < other.length; i++) other[i] ^= (byte) 0xff;
        return other;
    }

    @Test void a_run_needs_one_signature_and_keeps_only_those_that_were_checked() {
        var log = open();
        var chain = space.chain(null, space.writer, 10, List.of(added.id()));
        int before = keys.checks();
        assertThat(log.append(chain, NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(keys.checks() - before).isEqualTo(1);
        assertThat(log.at(chain.getFirst().chain(), 0, 3).orElseThrow().event().signature()).isEmpty();
        assertThat(log.at(chain.getFirst().chain(), 0, 10).orElseThrow().event().signature()).isPresent();
        assertThat(log.append(List.of(chain.get(2)), NOW)).as("a later signature is checked, then kept").containsExactly(new Admission.Duplicate(chain.get(2)));
        assertThat(log.at(chain.getFirst().chain(), 0, 3).orElseThrow().event().signature()).isPresent();
        log.append(List.of(chain.get(4).withSignature(new byte[64])), NOW);
        assertThat(log.at(chain.getFirst().chain(), 0, 5).orElseThrow().event().signature()).as("a wrong one is not").isEmpty();
    }

    @Test void a_run_is_accepted_up_to_its_last_good_signature() {
        var log = open();
        var chain = new ArrayList<>(space.chain(null, space.writer, 6, List.of(added.id())));
        for (int i : List.of(0, 1, 3, 4)) chain.set(i, chain.get(i).withoutSignature());
        chain.set(5, chain.get(5).withSignature(new byte[64]));
        assertThat(log.append(chain, NOW)).map(Admission::getClass).map(Class::getSimpleName)
            .containsExactly("Accepted", "Accepted", "Accepted", "Rejected", "Rejected", "Rejected");
        assertThat(log.state().lastOffset()).isEqualTo(5);
    }

    @Test void a_run_whose_end_is_refused_is_not_admitted_without_a_signature() {
        var log = open();
        var one = space.after(null, space.writer).control(added).unsigned();
        var notAllowed = space.after(one, space.writer).draft(member(space.stranger, Role.WRITER)).event();
        assertThat(log.append(List.of(one, notAllowed), NOW)).map(answer -> ((Admission.Rejected) answer).reason())
            .containsExactly(Admission.Reason.BAD_SIGNATURE, Admission.Reason.NOT_ALLOWED);
        assertThat(log.state().lastOffset()).isEqualTo(2);
    }

    @Test void a_run_that_begins_with_the_genesis_needs_one_signature_too() {
        var log = empty();
        var chain = new ArrayList<>(List.of(space.genesis.withoutSignature(), added.withoutSignature()));
        chain.add(space.after(added, space.owner).event());
        assertThat(log.append(chain, NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(log.state().members()).hasSize(2);
    }

    @Test void more_than_the_largest_batch_is_a_mistake_of_the_caller() {
        var log = open();
        assertThatThrownBy(() -> log.append(Collections.nCopies(EventLog.APPEND_EVENTS_MAX + 1, added), NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    /// A history with several authors, forks, merges, control events, a rebase and refused events.
    protected List<Event> history(Random random) {
        return Histories.of(space, added, random);
    }

    @Tag("N01") @Tag("A06") @Test void any_order_of_arrival_gives_the_same_state() {
        Property.check(permutations(), random -> {
            var history = history(new Random(random.nextLong()));
            var reference = empty();
            for (var event : history) reference.append(List.of(event), NOW);
            var shuffled = new ArrayList<>(history);
            Collections.shuffle(shuffled, new Random(random.nextLong()));
            var log = empty();
            for (int from = 0; from < shuffled.size(); ) {
                int to = Math.min(shuffled.size(), from + 1 + random.nextInt(12));
                log.append(shuffled.subList(from, to), NOW);
                from = to;
            }
            assertThat(LogChecks.verdicts(log)).isEqualTo(LogChecks.verdicts(reference));
            assertThat(log.state().tips().stream().map(Tip::ref)).containsExactlyElementsOf(reference.state().tips().stream().map(Tip::ref).toList());
            assertThat(log.state().fingerprint()).isEqualTo(reference.state().fingerprint());
            assertThat(log.state().members()).isEqualTo(reference.state().members());
            assertThat(log.state().control()).isEqualTo(reference.state().control());
            assertThat(log.counts().voided()).isEqualTo(reference.counts().voided());
            assertThat(reference.state().lastOffset()).as("agreed on something").isGreaterThan(20);
            closeAll();
        });
    }

    protected int permutations() {
        return 60;
    }

    protected void closeAll() {
        every_event_is_in_a_class_and_every_entry_after_its_causes();
        opened.clear();
    }

    @Test void a_draft_that_is_too_large_hurts_nobody() {
        var log = open();
        assertThatThrownBy(() -> log.write(space.owner, List.of(draft("small"), draft("x".repeat(70_000))), List.of(), Map.of("m", new byte[1]), NOW))
            .isInstanceOf(PayloadTooLarge.class);
        assertThat(log.state().lastOffset()).isEqualTo(2);
        assertThat(log.mark("m")).isEmpty();
    }
}
