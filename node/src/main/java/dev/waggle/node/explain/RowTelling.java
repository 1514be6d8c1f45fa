package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.record.Value;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.explain.Step.Kind;
import dev.waggle.node.explain.Step.Tone;
import dev.waggle.store.capture.RowsExplained;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Why a row of a tracked file says what it says: its record, and what the file and its queue say of it.
final class RowTelling {
    private final SpaceRuntime space;
    private final String table;
    private final List<String> words;
    private final RowsExplained told;
    private final Names names;

    RowTelling(SpaceRuntime space, String table, List<String> words, RowsExplained told, Names names) {
        this.space = space;
        this.table = table;
        this.words = words;
        this.told = told;
        this.names = names;
    }

    /// @param sources finds what is known of events
    Answer tell(Function<List<EventId>, List<EventFacts>> sources) {
        var record = told.stories().isEmpty() ? new RecordFacts(RowRecords.name(table, words.stream().map(word -> (Value) Value.Text.of(word)).toList()), RecordFacts.State.UNKNOWN, "", "",
            List.of(), List.of(), 0, 0, List.of()) : RowRecords.of(told.stories().getFirst());
        var facts = Json.object("table", table, "key", Json.array(words.stream().map(Json::of).toList()), "in_file", told.file().name().toLowerCase(Locale.ROOT),
            "queued", Json.array(told.queued().stream().map(Json::of).toList()), "record", told.stories().isEmpty() ? null : told.stories().getFirst().record().text());
        return RecordTelling.tell("row", space.id(), space.name(), record, queued(), sources.apply(Explainer.eventsOf(record)), after(), names, facts);
    }

    private List<Step> queued() {
        var steps = new ArrayList<Step>();
        if (!told.queued().isEmpty()) {
            var trouble = told.trouble().isEmpty() ? "" : " It does not move now: " + told.trouble() + ".";
            steps.add(Step.of(Kind.QUEUED, Tone.OPEN, "Programs here changed it (" + String.join(", ", told.queued()) + ") and that is in the file's queue, not in the log yet: no other node can know of it." + trouble));
        }
        if (told.depth() > told.looked())
            steps.add(Step.of(Kind.QUEUED, Tone.NOTE, "The queue holds " + told.depth() + " changes, of which the oldest " + told.looked() + " were looked at: there may be more of this row."));
        return steps;
    }

    private List<Step> after() {
        var steps = new ArrayList<Step>();
        for (var other : told.stories().stream().skip(1).map(RowRecords::of).toList()) {
            var made = other.changes().isEmpty() ? new EventId[0] : new EventId[] {other.changes().getLast().by().event()};
            steps.add(Step.of(Kind.CONFLICT, Tone.BAD, "Another row wants this key and is " + (other.state() == RecordFacts.State.KEPT_OUT ? "kept out: " + other.why() : "not shown") + ".", made));
        }
        var file = space.file().map(Object::toString).orElse("here");
        steps.add(switch (told.file()) {
            case AS_SHOWN -> Step.of(Kind.FILE, Tone.DONE, "The file " + file + (told.stories().stream().anyMatch(story -> RowRecords.of(story).state() == RecordFacts.State.SHOWN) ? " has it so." : " has no such row, as the log says."));
            case OTHERWISE -> Step.of(Kind.FILE, Tone.OPEN, "The file " + file + " says otherwise now: " + (told.refused().isPresent() ? "it did not take the row (" + told.refused().get() + ")."
                : told.behind() > 0 ? told.behind() + " entries of the log are still to be written to it." : "what programs wrote there is still to be read."));
            case NO_TABLE -> Step.of(Kind.FILE, Tone.NOTE, "The file " + file + " has no such table: the rows wait in the log until it has.");
        });
        return steps;
    }
}
