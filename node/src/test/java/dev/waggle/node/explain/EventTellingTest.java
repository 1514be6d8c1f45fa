package dev.waggle.node.explain;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Standing;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.Verdict;
import dev.waggle.store.node.ArrivalStore;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Each kind of answer about an event says what is known, and no more.
class EventTellingTest {
    private static final long NOW = TestSpace.NOW;
    private final TestSpace space = new TestSpace();
    private final NodeId owner = space.owner.signer().node();
    private final NodeId writer = space.writer.signer().node();
    private final NodeId third = space.stranger.signer().node();
    private final Names names = new Names(owner, Map.of(writer, "kitchen"));
    private final Event event = space.after(null, space.owner).text("one").event();
    private final Event other = space.after(null, space.writer).text("other").event();
    private static final EventFacts.View FILE = new EventFacts.View("the file /a.sqlite", true, "");

    private EventFacts.Place place(Verdict verdict, Standing standing, Optional<Event> cause, Cover cover, List<Holder> holders, long others) {
        return new EventFacts.Place(7, verdict, standing, cause, cover, new ArrivalStore.Arrived(NOW, NOW), holders, others, false, 9);
    }

    private static Standing counts() {
        return new Standing(Optional.of(Role.OWNER), Optional.of(Role.OWNER), Optional.empty());
    }

    private Answer tell(EventFacts.Place place, Optional<EventFacts.View> view) {
        return EventTelling.tell(new EventFacts(names, space.id, "tasks", event, Optional.empty(), Optional.of(place), Optional.empty(), view, List.of(), 0, Optional.empty(), Optional.empty()));
    }

    private Answer waits(EventFacts.Waits waits) {
        return EventTelling.tell(new EventFacts(names, space.id, "tasks", other, Optional.empty(), Optional.empty(), Optional.of(waits), Optional.empty(), List.of(), 0, Optional.empty(), Optional.empty()));
    }

    private static String says(Answer answer, Step.Kind kind) {
        return answer.steps().stream().filter(step -> step.kind() == kind).map(Step::says).reduce((a, b) -> a + " " + b).orElse("");
    }

    private static Holder holder(NodeId node, Holder.Knowledge knowledge) {
        return new Holder(node, Optional.of(Role.WRITER), knowledge, NOW, Optional.empty(), 3, "it is not connected now");
    }

    @Test void what_nobody_else_can_have_is_said_to_be_here_only() {
        var answer = tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(), 0), Optional.of(FILE));
        assertThat(answer.summary()).isEqualTo("It is in effect here; no other member is there to have it.");
        assertThat(says(answer, Step.Kind.WRITTEN)).startsWith("Written by this node (owner), at 2027-01-15 08:00:00");
        assertThat(says(answer, Step.Kind.CAME)).contains("entry 7 of 9 at 2027-01-15 08:00:00.000 UTC");
        assertThat(says(answer, Step.Kind.SIGNED)).contains("carries its author's signature");
        assertThat(says(answer, Step.Kind.NOT_KNOWN)).contains("no other member");
        assertThat(says(answer, Step.Kind.APPLIED)).isEqualTo("The file /a.sqlite has what the log says up to it.");
        assertThat(answer.toJson().text("state")).isEqualTo("counts");
    }

    @Test void who_acknowledged_has_it_and_of_the_others_it_is_said_that_it_is_not_known() {
        var named = new Holder(third, Optional.of(Role.READER), Holder.Knowledge.NAMED, 0, Optional.of(other.id()), 0, "");
        var answer = tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(holder(writer, Holder.Knowledge.ACKNOWLEDGED), named), 2), Optional.of(FILE));
        assertThat(answer.summary()).endsWith("2 of 2 other members are known to have it.");
        assertThat(says(answer, Step.Kind.ACKNOWLEDGED)).contains("\"kitchen\" has it: it acknowledged all up to there, at 2027-01-15").contains("it wrote event " + other.id().brief() + ", which knows it");
        var open = tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(holder(writer, Holder.Knowledge.NOT_ACKNOWLEDGED), holder(third, Holder.Knowledge.NO_EXCHANGE)), 2), Optional.of(FILE));
        assertThat(open.summary()).endsWith("0 of 2 other members are known to have it.");
        assertThat(says(open, Step.Kind.NOT_KNOWN)).contains("is not known to have it: it has not acknowledged the last 3 entries. It is not connected now.").contains("It may have it from others.");
        assertThat(open.steps()).noneMatch(step -> step.says().contains("does not have it"));
        assertThat(open.toJson().array("holders").getFirst().asObject().get("has")).contains(Json.FALSE);
    }

    @Test void the_only_other_member_is_not_told_as_several() {
        assertThat(tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(holder(writer, Holder.Knowledge.ACKNOWLEDGED)), 1), Optional.of(FILE)).summary())
            .isEqualTo("It is in effect here; the other member is known to have it.");
        assertThat(tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(holder(writer, Holder.Knowledge.NOT_ACKNOWLEDGED)), 1), Optional.of(FILE)).summary())
            .isEqualTo("It is in effect here; the other member is not known to have it.");
    }

    @Test void what_is_not_shown_yet_says_so_and_why() {
        var answer = tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), List.of(), 0), Optional.of(new EventFacts.View("the file /a.sqlite", false, "waiting: locked")));
        assertThat(answer.summary()).startsWith("It is in the log and not shown here yet");
        assertThat(says(answer, Step.Kind.APPLIED)).isEqualTo("The file /a.sqlite has not come to it yet: waiting: locked.");
    }

    @Test void a_void_event_names_the_cut_and_who_made_it() {
        var removal = space.after(null, space.writer).text("stands for a removal").event();
        var standing = new Standing(Optional.of(Role.WRITER), Optional.empty(), Optional.of(new Standing.Cause.Cut(removal.id())));
        var answer = tell(place(Verdict.VOID, standing, Optional.of(removal), new Cover.Own(), List.of(), 1), Optional.of(FILE));
        assertThat(answer.summary()).startsWith("It is void");
        assertThat(says(answer, Step.Kind.VOID)).contains("beyond what event " + removal.id().brief()).contains("\"kitchen\"");
        assertThat(says(answer, Step.Kind.WRITTEN)).contains("(writer then, no member now)");
        assertThat(answer.toJson().object("void").text("event")).isEqualTo(removal.id().hex());
        var rebased = tell(place(Verdict.VOID, new Standing(Optional.of(Role.OWNER), Optional.of(Role.OWNER), Optional.of(new Standing.Cause.Rebased(removal.id()))), Optional.empty(), new Cover.Own(), List.of(), 0), Optional.of(FILE));
        assertThat(says(rebased, Step.Kind.VOID)).contains("wrong clock");
    }

    @Test void what_waits_says_for_what_and_since_when_and_what_is_held_until_when() {
        var waits = waits(new EventFacts.Waits.For(List.of(event.ref()), List.of(space.genesis.id()), List.of(new ChunkId("ab".repeat(32))), Optional.of(NOW)));
        assertThat(waits.summary()).contains("waits for what has not come");
        assertThat(says(waits, Step.Kind.WAITS)).contains("waits for event " + event.id().brief() + " (number 1 of a chain of this node)").contains("about members").contains("1 piece of its large values")
            .contains("since 2027-01-15 08:00:00");
        assertThat(waits.steps().getLast().events()).containsExactly(event.id(), space.genesis.id());
        assertThat(waits.toJson().text("state")).isEqualTo("waiting");
        assertThat(says(waits(new EventFacts.Waits.For(List.of(), List.of(), List.of(), Optional.empty())), Step.Kind.WAITS)).contains("others that wait here themselves").contains("nobody here wrote down");
        var held = waits(new EventFacts.Waits.Time(NOW + 60_000, Optional.empty()));
        assertThat(says(held, Step.Kind.HELD)).contains("taken in at 2027-01-15 08:01:00");
        assertThat(held.toJson().text("state")).isEqualTo("held");
    }

    @Test void a_signature_that_is_no_longer_in_the_log_is_said_to_be_gone() {
        EventId checkpoint = other.id();
        assertThat(says(tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Condensed(checkpoint), List.of(), 0), Optional.of(FILE)), Step.Kind.SIGNED))
            .contains("no longer in the log, which was condensed").contains(checkpoint.brief());
        assertThat(says(tell(place(Verdict.COUNTS, counts(), Optional.empty(), new Cover.Later(checkpoint, 3), List.of(), 0), Optional.of(FILE)), Step.Kind.SIGNED)).contains("3 events later");
    }

    @Test void when_it_came_is_said_as_exactly_as_it_was_written_down() {
        for (var known : Map.of(new ArrivalStore.Arrived(0, 0), "nobody here wrote down", new ArrivalStore.Arrived(NOW, 0), "after 2027", new ArrivalStore.Arrived(0, NOW), "before 2027",
            new ArrivalStore.Arrived(NOW, NOW + 1), "between 2027").entrySet()) {
            var place = new EventFacts.Place(7, Verdict.COUNTS, counts(), Optional.empty(), new Cover.Own(), known.getKey(), List.of(), 0, false, 9);
            assertThat(says(tell(place, Optional.of(FILE)), Step.Kind.CAME)).contains(known.getValue());
        }
    }
}
