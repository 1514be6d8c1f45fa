package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.explain.Step.Kind;
import dev.waggle.node.explain.Step.Tone;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Why a row, post, comment or task says what it says, in sentences. Pure functions of [RecordFacts].
final class RecordTelling {
    private static final int CHANGES_TOLD_MAX = 8;

    private RecordTelling() {}

    /// @param sources the events that made it what it is: of the first ones
    /// @param before  what is to be said first: that something is not in the log yet, for example
    static Answer tell(String kind, SpaceId space, String spaceName, RecordFacts record, List<Step> before, List<EventFacts> sources, List<Step> after, Names names, Json.Obj facts) {
        var steps = new ArrayList<>(before);
        steps.addAll(steps(record, names));
        for (var source : sources) steps.add(EventTelling.inShort(source));
        steps.addAll(after);
        var json = facts;
        for (var member : record.toJson().members().entrySet()) json = json.with(member.getKey(), member.getValue());
        json = json.with("events", Json.array(sources.stream().map(EventJson::of).toList()));
        return new Answer(kind, space, spaceName, record.name() + " in \"" + spaceName + "\"", summary(record, before, names), steps, json);
    }

    static List<Step> steps(RecordFacts record, Names names) {
        var steps = new ArrayList<Step>();
        for (var field : record.fields()) fields(field, record, names, steps);
        for (var dispute : record.disputes())
            steps.add(Step.of(Kind.CONFLICT, Tone.BAD, "There is an open conflict" + (dispute.id().isEmpty() ? "" : " " + dispute.id()) + ": " + dispute.says()
                + (dispute.id().isEmpty() ? "." : ". `waggle sync conflicts show " + dispute.id() + "` shows both sides.")));
        for (var change : record.changes().stream().limit(CHANGES_TOLD_MAX).toList()) steps.add(history(change, names));
        if (record.known() > CHANGES_TOLD_MAX)
            steps.add(Step.of(Kind.HISTORY, Tone.NOTE, record.known() > record.looked() ? "These are the newest of " + record.known() + " changes, of which the last " + record.looked() + " were looked at."
                : "These are the newest of " + record.known() + " changes."));
        return steps;
    }

    private static void fields(RecordFacts.Field field, RecordFacts record, Names names, List<Step> steps) {
        var says = field.name() + " is " + quoted(field.value());
        if (field.followed()) steps.add(by(field, says + ": the key of the row that it refers to, wherever that has gone", names));
        else steps.add(by(field, says, names));
        for (var lost : field.lost())
            steps.add(Step.of(Kind.LOST, Tone.BAD, field.name() + " " + quoted(lost.value()) + ", set by " + made(lost.by(), names) + ", lost"
                + field.by().map(by -> " against " + Names.event(by.event())).orElse("") + ", which did not know it. The rule: " + record.rule() + ".", lost.by().event()));
    }

    private static Step by(RecordFacts.Field field, String says, Names names) {
        if (field.by().isEmpty()) return Step.of(Kind.SHOWN, Tone.NOTE, says + "; which change set it is older than what was looked at.");
        return Step.of(Kind.SHOWN, Tone.DONE, says + ", set by " + made(field.by().get(), names) + ".", field.by().get().event());
    }

    private static String made(RecordFacts.Made made, Names names) {
        return names.node(made.node()) + " with " + Names.event(made.event()) + " at " + Names.time(made.wallMs());
    }

    private static String quoted(String value) {
        return value.equals("NULL") ? value : "“" + value + "”";
    }

    private static Step history(RecordFacts.Change change, Names names) {
        var what = Names.capital(change.did()) + " by " + made(change.by(), names) + (change.set().isEmpty() || change.did().equals("deleted") ? "" : " (" + String.join(", ", change.set()) + ")");
        var tone = change.fate() == RecordFacts.Fate.SHOWN || change.fate() == RecordFacts.Fate.REPLACED ? Tone.NOTE : Tone.BAD;
        return Step.of(Kind.HISTORY, tone, what + ": " + fate(change.fate()) + (change.why().isEmpty() ? "" : ": " + change.why()) + ".", change.by().event());
    }

    private static String fate(RecordFacts.Fate fate) {
        return switch (fate) {
            case SHOWN -> "still in effect";
            case REPLACED -> "replaced since by who knew it";
            case LOST -> "passed over";
            case VOID -> "void";
            case WITHOUT_EFFECT -> "without effect";
        };
    }

    private static String summary(RecordFacts record, List<Step> before, Names names) {
        var queued = before.stream().anyMatch(step -> step.kind() == Kind.QUEUED) ? " A newer change by a program waits in the file's queue and is not in the log yet." : "";
        return switch (record.state()) {
            case SHOWN -> "It is shown" + (record.disputes().isEmpty() ? "" : ", and something is passed over") + "." + queued;
            case DELETED -> "It is deleted" + deleter(record, names) + (record.why().isEmpty() ? "." : ": " + record.why() + ".") + queued;
            case REMOVED -> "It was removed" + deleter(record, names) + (record.why().isEmpty() ? "." : ": " + record.why() + ".") + queued;
            case KEPT_OUT -> "It is kept out: " + record.why() + "." + queued;
            case UNKNOWN -> "No event that counts makes it." + queued;
        };
    }

    private static String deleter(RecordFacts record, Names names) {
        return record.changes().stream().filter(change -> change.did().equals("deleted") && change.fate() == RecordFacts.Fate.SHOWN).findFirst()
            .map(change -> " by " + made(change.by(), names)).orElse("");
    }

    /// What became of that which one event did to a record.
    static Step partOf(RecordFacts record, EventId event, Names names) {
        var own = record.changes().stream().filter(change -> change.by().event().equals(event)).toList();
        var what = own.isEmpty() ? "changed" : own.stream().map(RecordFacts.Change::did).distinct().collect(Collectors.joining(" and "));
        var shown = record.fields().stream().filter(field -> field.by().filter(by -> by.event().equals(event)).isPresent()).map(RecordFacts.Field::name).toList();
        var lost = record.fields().stream().filter(field -> field.lost().stream().anyMatch(each -> each.by().event().equals(event))).toList();
        var replaced = record.fields().stream().filter(field -> own.stream().anyMatch(change -> change.set().contains(field.name())) && !shown.contains(field.name()) && !lost.contains(field)).toList();
        var others = new ArrayList<EventId>();
        var parts = new ArrayList<String>();
        if (record.state() == RecordFacts.State.SHOWN && !shown.isEmpty()) parts.add(String.join(", ", shown) + " shown");
        for (var field : lost) {
            parts.add(field.name() + " lost against " + against(field, others));
        }
        for (var field : replaced) parts.add(field.name() + " replaced by " + against(field, others));
        if (record.state() == RecordFacts.State.DELETED || record.state() == RecordFacts.State.REMOVED) parts.add("the record is deleted now" + deleter(record, names));
        if (record.state() == RecordFacts.State.KEPT_OUT) parts.add("kept out: " + record.why());
        var fates = own.stream().map(RecordFacts.Change::fate).filter(fate -> fate == RecordFacts.Fate.VOID || fate == RecordFacts.Fate.WITHOUT_EFFECT || fate == RecordFacts.Fate.LOST && lost.isEmpty()).distinct()
            .map(RecordTelling::fate).toList();
        parts.addAll(fates);
        boolean bad = !lost.isEmpty() || !fates.isEmpty() || record.state() == RecordFacts.State.KEPT_OUT;
        if (!lost.isEmpty()) parts.add("the rule: " + record.rule());
        return new Step(lost.isEmpty() ? Kind.CHANGED : Kind.LOST, bad ? Tone.BAD : Tone.DONE, "It " + what + " " + record.name() + (parts.isEmpty() ? "." : ": " + String.join("; ", parts) + "."), others);
    }

    private static String against(RecordFacts.Field field, List<EventId> others) {
        if (field.by().isEmpty()) return "another";
        others.add(field.by().get().event());
        return Names.event(field.by().get().event());
    }
}
