package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Each kind of answer about a record.
class RecordTellingTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final EventId WON = new EventId("aa".repeat(32));
    private static final EventId LOST = new EventId("bb".repeat(32));
    private static final NodeId ME = new NodeId("11".repeat(32));
    private static final NodeId OTHER = new NodeId("22".repeat(32));
    private static final Names NAMES = new Names(ME, Map.of(OTHER, "kitchen"));
    private static final RecordFacts.Made BY_OTHER = new RecordFacts.Made(WON, OTHER, NOW);
    private static final RecordFacts.Made BY_ME = new RecordFacts.Made(LOST, ME, NOW - 1_000);

    private static RecordFacts row(RecordFacts.State state, List<RecordFacts.Lost> lost, List<RecordFacts.Change> changes, List<RecordFacts.Dispute> disputes) {
        return new RecordFacts("row (t1) of task", state, state == RecordFacts.State.KEPT_OUT ? "the record that was created first has the key" : "", "the latest value of each field",
            List.of(new RecordFacts.Field("title", "uno", Optional.of(BY_OTHER), false, lost)), changes, changes.size(), changes.size(), disputes);
    }

    private static Answer tell(RecordFacts record, Step... before) {
        return RecordTelling.tell("row", new SpaceId("33".repeat(32)), "tasks", record, List.of(before), List.of(), List.of(), NAMES, Json.object("table", "task"));
    }

    private static List<String> says(Answer answer, Step.Kind kind) {
        return answer.steps().stream().filter(step -> step.kind() == kind).map(Step::says).toList();
    }

    @Test void a_value_names_who_set_it_and_a_lost_one_names_its_rival_and_the_rule() {
        var answer = tell(row(RecordFacts.State.SHOWN, List.of(new RecordFacts.Lost(BY_ME, "eins")), List.of(new RecordFacts.Change(BY_ME, "updated", RecordFacts.Fate.LOST, List.of("title"), "")),
            List.of(new RecordFacts.Dispute("0123", "same field"))));
        assertThat(answer.summary()).isEqualTo("It is shown, and something is passed over.");
        assertThat(says(answer, Step.Kind.SHOWN)).containsExactly("title is “uno”, set by node 22222222 \"kitchen\" with event aaaaaaaa at 2027-01-15 08:00:00.000 UTC.");
        assertThat(says(answer, Step.Kind.LOST)).containsExactly("title “eins”, set by this node with event bbbbbbbb at 2027-01-15 07:59:59.000 UTC, lost against event aaaaaaaa, which did not know it. "
            + "The rule: the latest value of each field.");
        assertThat(says(answer, Step.Kind.CONFLICT)).singleElement().asString().contains("conflict 0123").contains("sync conflicts show 0123");
        assertThat(says(answer, Step.Kind.HISTORY)).singleElement().asString().startsWith("Updated by this node").endsWith("(title): passed over.");
        assertThat(answer.toJson().array("fields").getFirst().asObject().array("lost").getFirst().asObject().text("value")).isEqualTo("eins");
        assertThat(answer.toJson().text("table")).isEqualTo("task");
    }

    @Test void what_waits_in_the_queue_is_said_first() {
        var queued = Step.of(Step.Kind.QUEUED, Step.Tone.OPEN, "Programs here changed it.");
        var answer = tell(row(RecordFacts.State.SHOWN, List.of(), List.of(), List.of()), queued);
        assertThat(answer.steps().getFirst()).isEqualTo(queued);
        assertThat(answer.summary()).contains("waits in the file's queue and is not in the log yet");
    }

    @Test void what_is_not_shown_says_why() {
        var deletion = new RecordFacts.Change(BY_OTHER, "deleted", RecordFacts.Fate.SHOWN, List.of("id"), "");
        assertThat(tell(row(RecordFacts.State.DELETED, List.of(), List.of(deletion), List.of())).summary()).startsWith("It is deleted by node 22222222 \"kitchen\" with event aaaaaaaa");
        assertThat(tell(row(RecordFacts.State.KEPT_OUT, List.of(), List.of(), List.of())).summary()).isEqualTo("It is kept out: the record that was created first has the key.");
        assertThat(tell(row(RecordFacts.State.UNKNOWN, List.of(), List.of(), List.of())).summary()).isEqualTo("No event that counts makes it.");
    }

    @Test void a_long_history_is_cut_and_the_cut_is_said() {
        var record = new RecordFacts("row (t1) of task", RecordFacts.State.SHOWN, "", "r", List.of(new RecordFacts.Field("n", "1", Optional.empty(), false, List.of())),
            java.util.Collections.nCopies(50, new RecordFacts.Change(BY_ME, "updated", RecordFacts.Fate.REPLACED, List.of("n"), "")), 20_000, 10_000, List.of());
        var answer = tell(record);
        assertThat(says(answer, Step.Kind.HISTORY)).hasSize(9).last().isEqualTo("These are the newest of 20000 changes, of which the last 10000 were looked at.");
        assertThat(says(answer, Step.Kind.SHOWN)).containsExactly("n is “1”; which change set it is older than what was looked at.");
    }

    @Test void of_one_event_is_told_what_became_of_its_part() {
        var lost = RecordTelling.partOf(row(RecordFacts.State.SHOWN, List.of(new RecordFacts.Lost(BY_ME, "eins")), List.of(new RecordFacts.Change(BY_ME, "updated", RecordFacts.Fate.LOST, List.of("title"), "")), List.of()), LOST, NAMES);
        assertThat(lost.kind()).isEqualTo(Step.Kind.LOST);
        assertThat(lost.says()).isEqualTo("It updated row (t1) of task: title lost against event aaaaaaaa; the rule: the latest value of each field.");
        assertThat(lost.events()).containsExactly(WON);
        var replaced = RecordTelling.partOf(row(RecordFacts.State.SHOWN, List.of(), List.of(new RecordFacts.Change(BY_ME, "updated", RecordFacts.Fate.REPLACED, List.of("title"), "")), List.of()), LOST, NAMES);
        assertThat(replaced.says()).isEqualTo("It updated row (t1) of task: title replaced by event aaaaaaaa.");
        var shown = RecordTelling.partOf(row(RecordFacts.State.SHOWN, List.of(), List.of(new RecordFacts.Change(BY_OTHER, "inserted", RecordFacts.Fate.SHOWN, List.of("title"), "")), List.of()), WON, NAMES);
        assertThat(shown.says()).isEqualTo("It inserted row (t1) of task: title shown.");
        var isVoid = RecordTelling.partOf(row(RecordFacts.State.SHOWN, List.of(), List.of(new RecordFacts.Change(BY_ME, "updated", RecordFacts.Fate.VOID, List.of("other"), "")), List.of()), LOST, NAMES);
        assertThat(isVoid.says()).isEqualTo("It updated row (t1) of task: void.");
        assertThat(isVoid.tone()).isEqualTo(Step.Tone.BAD);
    }
}
