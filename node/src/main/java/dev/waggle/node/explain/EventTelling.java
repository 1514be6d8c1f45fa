package dev.waggle.node.explain;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Standing;
import dev.waggle.core.log.Verdict;
import dev.waggle.node.Plural;
import dev.waggle.node.explain.Step.Kind;
import dev.waggle.node.explain.Step.Tone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The way of one event in sentences, in the order in which things happened. A pure function of [EventFacts].
final class EventTelling {
    private static final int HOLDERS_TOLD_MAX = 12;
    private static final int WAITS_TOLD_MAX = 5;

    private final EventFacts facts;
    private final Names names;
    private final Event event;
    private final List<Step> steps = new ArrayList<>();

    private EventTelling(EventFacts facts) {
        this.facts = facts;
        this.names = facts.names();
        this.event = facts.event();
    }

    static Answer tell(EventFacts facts) {
        return new EventTelling(facts).tell();
    }

    private Answer tell() {
        written();
        facts.place().ifPresent(this::placed);
        facts.waits().ifPresent(this::waits);
        facts.caution().ifPresent(caution -> steps.add(Step.of(Kind.NOTE, Tone.OPEN, caution)));
        return new Answer("event", facts.space(), facts.spaceName(), event.type() + " event " + event.id().brief() + " of \"" + facts.spaceName() + "\"", summary(), steps, EventJson.of(facts));
    }

    private void written() {
        var who = names.node(event.chain().origin()) + facts.author().map(name -> ", for " + name).orElse("") + role();
        var at = Names.time(event.envelope().ts().wallMs());
        steps.add(Step.of(Kind.WRITTEN, Tone.DONE, "Written by " + who + ", at " + at + " by its own clock."));
    }

    private String role() {
        if (facts.place().isEmpty()) return "";
        var standing = facts.place().get().standing();
        var then = standing.then().map(role -> " (" + role.wire() + " then").orElse(" (in a role that this node cannot tell");
        if (standing.then().equals(standing.now())) return standing.then().map(role -> " (" + role.wire() + ")").orElse(" (no member that this node knows of)");
        return then + standing.now().map(role -> ", " + role.wire() + " now)").orElse(", no member now)");
    }

    private void placed(EventFacts.Place place) {
        steps.add(signed(place.cover()));
        steps.add(chain(place));
        steps.add(came(place));
        if (place.verdict() == Verdict.VOID) steps.add(isVoid(place));
        holders(place);
        facts.quarantined().ifPresent(why -> steps.add(Step.of(Kind.VOID, Tone.BAD, "It has no effect on any node: it is malformed (" + why + ").")));
        facts.view().ifPresentOrElse(this::applied, () -> steps.add(Step.of(Kind.APPLIED, Tone.NOTE, "Nothing here shows the space: its events are kept and passed on.")));
        for (var record : facts.records()) steps.add(changed(record));
        if (facts.changed() > facts.records().size())
            steps.add(Step.of(Kind.CHANGED, Tone.NOTE, "It changed " + Plural.of(facts.changed(), "row") + "; the first " + facts.records().size() + " are told of here."));
    }

    private static Step signed(Cover cover) {
        return switch (cover) {
            case Cover.Own _ -> Step.of(Kind.SIGNED, Tone.DONE, "It carries its author's signature, which was checked.");
            case Cover.Later(var by, var after) -> Step.of(Kind.SIGNED, Tone.DONE, "The checked signature of " + Names.event(by) + " vouches for it: " + Plural.of(after, "event") + " later in the same chain.", by);
            case Cover.Condensed(var checkpoint) -> Step.of(Kind.SIGNED, Tone.DONE,
                "Its own signature is no longer in the log, which was condensed: the signature at the end of its chain proves it, and so does " + Names.event(checkpoint) + ", the last checkpoint.", checkpoint);
            case Cover.Far(var tip) -> Step.of(Kind.SIGNED, Tone.DONE, "No signature stands near it; that of a later event of its chain proves it (" + Names.event(tip) + " is the last).", tip);
        };
    }

    private Step chain(EventFacts.Place place) {
        var envelope = event.envelope();
        var says = new StringBuilder("It is event " + event.seq() + " of the chain that " + names.node(event.chain().origin()) + " wrote under epoch " + event.chain().epoch().hex().substring(0, 8));
        var named = new ArrayList<EventId>();
        envelope.prev().ifPresent(prev -> {
            says.append(", after ").append(Names.event(prev));
            named.add(prev);
        });
        if (!envelope.merges().isEmpty()) {
            says.append("; it knew ").append(envelope.merges().stream().map(ref -> Names.event(ref.id()) + " of " + names.node(ref.chain().origin())).collect(Collectors.joining(", ")));
            envelope.merges().forEach(ref -> named.add(ref.id()));
        }
        says.append('.');
        if (place.forked()) says.append(" That chain was forked: its author wrote two events at one place.");
        return new Step(Kind.PLACED, place.forked() ? Tone.BAD : Tone.NOTE, says.toString(), named);
    }

    private Step came(EventFacts.Place place) {
        boolean own = event.chain().origin().equals(names.self());
        var arrived = place.arrived();
        var when = arrived.afterMs() == 0 && arrived.beforeMs() == 0 ? "; when, nobody here wrote down"
            : arrived.afterMs() == arrived.beforeMs() ? " at " + Names.time(arrived.afterMs())
            : arrived.afterMs() == 0 ? ", before " + Names.time(arrived.beforeMs())
            : arrived.beforeMs() == 0 ? ", after " + Names.time(arrived.afterMs())
            : " between " + Names.time(arrived.afterMs()) + " and " + Names.time(arrived.beforeMs());
        return Step.of(Kind.CAME, Tone.DONE, "It " + (own ? "went" : "came") + " into this node's log as entry " + place.offset() + " of " + place.lastOffset() + when + ".");
    }

    private Step isVoid(EventFacts.Place place) {
        var says = "It is void: kept and passed on, without effect. ";
        if (place.standing().cause().isEmpty()) return Step.of(Kind.VOID, Tone.BAD, says + "Why can no longer be told apart.");
        return switch (place.standing().cause().get()) {
            case Standing.Cause.Cut(var by) -> Step.of(Kind.VOID, Tone.BAD, says + "It lies beyond what " + control(by, place.cause()) + " says that counts of its author.", by);
            case Standing.Cause.Ground(var voided) -> Step.of(Kind.VOID, Tone.BAD, says + "What gave its author the right to write, " + control(voided, place.cause()) + ", has no effect itself.", voided);
            case Standing.Cause.Outdone _ -> Step.of(Kind.VOID, Tone.BAD, says + "As far as all that is known now says, its author had no right to decide this.");
            case Standing.Cause.Rebased(var by) -> Step.of(Kind.VOID, Tone.BAD, says + "Its author gave it up with " + control(by, place.cause()) + ", because it was written with a wrong clock, and wrote it again under a new epoch.", by);
        };
    }

    private String control(EventId id, Optional<Event> cause) {
        return Names.event(id) + cause.map(found -> " (" + found.type() + " by " + names.node(found.chain().origin()) + ", " + Names.time(found.envelope().ts().wallMs()) + ")").orElse("");
    }

    private void holders(EventFacts.Place place) {
        if (place.others() == 0 && place.holders().isEmpty()) {
            steps.add(Step.of(Kind.NOT_KNOWN, Tone.NOTE, "The space has no other member: nobody was sent it."));
            return;
        }
        place.holders().stream().limit(HOLDERS_TOLD_MAX).forEach(holder -> steps.add(holder(holder)));
        long more = Math.max(place.others(), place.holders().size()) - Math.min(HOLDERS_TOLD_MAX, place.holders().size());
        if (more > 0) steps.add(Step.of(Kind.NOT_KNOWN, Tone.NOTE, "There are " + more + " more members; `--json` tells of " + Holders.MEMBERS_MAX + "."));
    }

    private Step holder(Holder holder) {
        var node = Names.capital(names.node(holder.node())) + (holder.role().isEmpty() ? ", no member now," : "");
        return switch (holder.knowledge()) {
            case WROTE -> Step.of(Kind.ACKNOWLEDGED, Tone.DONE, node + " has it: it wrote it.");
            case ACKNOWLEDGED -> Step.of(Kind.ACKNOWLEDGED, Tone.DONE, node + " has it: it acknowledged all up to there" + (holder.byMs() == 0 ? "." : ", at " + Names.time(holder.byMs()) + " or before."));
            case NAMED -> Step.of(Kind.ACKNOWLEDGED, Tone.DONE, node + " has it: it wrote " + Names.event(holder.named().orElseThrow()) + ", which knows it.", holder.named().orElseThrow());
            case NOT_ACKNOWLEDGED -> Step.of(Kind.NOT_KNOWN, Tone.OPEN, node + " is not known to have it: it has not acknowledged the last " + Plural.of(holder.behind(), "entry").replace("entrys", "entries") + ". "
                + Names.capital(holder.contact()) + ".");
            case NO_EXCHANGE -> Step.of(Kind.NOT_KNOWN, Tone.OPEN, node + " is not known to have it: it does not exchange the space with this node (" + holder.contact() + "). It may have it from others.");
        };
    }

    private void applied(EventFacts.View view) {
        if (view.applied()) steps.add(Step.of(Kind.APPLIED, Tone.DONE, Names.capital(view.name()) + " has what the log says up to it."));
        else steps.add(Step.of(Kind.APPLIED, Tone.OPEN, Names.capital(view.name()) + " has not come to it yet" + (view.trouble().isEmpty() ? "." : ": " + view.trouble() + ".")));
    }

    private Step changed(RecordFacts record) {
        return RecordTelling.partOf(record, event.id(), names);
    }

    private void waits(EventFacts.Waits waits) {
        var since = waits.sinceMs().map(ms -> " It waits since " + Names.time(ms) + ", or a few seconds longer.").orElse(" Since when, nobody here wrote down.");
        switch (waits) {
            case EventFacts.Waits.Time(var untilMs, _) -> steps.add(Step.of(Kind.HELD, Tone.OPEN, "It came here and is held: its stamp lies more than 5 minutes ahead of this node's clock. It is taken in at "
                + Names.time(untilMs) + " by that clock, or never counts if its author mends his clock and gives it up." + since));
            case EventFacts.Waits.For(var parents, var control, var chunks, _) -> {
                var what = new ArrayList<String>();
                var ids = new ArrayList<EventId>();
                for (var parent : parents.stream().limit(WAITS_TOLD_MAX).toList()) {
                    what.add(Names.event(parent.id()) + " (number " + parent.seq() + " of a chain of " + names.node(parent.chain().origin()) + ")");
                    ids.add(parent.id());
                }
                for (var id : control.stream().limit(WAITS_TOLD_MAX).toList()) {
                    what.add(Names.event(id) + " (about members)");
                    ids.add(id);
                }
                int more = Math.max(0, parents.size() - WAITS_TOLD_MAX) + Math.max(0, control.size() - WAITS_TOLD_MAX);
                if (more > 0) what.add(Plural.of(more, "more event"));
                if (!chunks.isEmpty()) what.add(Plural.of(chunks.size(), "piece") + " of its large values");
                var named = what.isEmpty() ? "others that wait here themselves" : String.join(", ", what);
                steps.add(new Step(Kind.WAITS, Tone.OPEN, "It came here and waits for " + named + ". They are asked for by their ids from every peer." + since, ids));
            }
        }
    }

    private String summary() {
        if (facts.waits().isPresent()) return facts.waits().get() instanceof EventFacts.Waits.Time ? "It is here and held until this node's clock comes near its stamp." : "It is here and not in effect: it waits for what has not come.";
        var place = facts.place().orElseThrow();
        long has = place.holders().stream().filter(holder -> holder.knowledge().has()).count();
        var known = place.others() == 0 && has == 0 ? "no other member is there to have it" : known(has, Math.max(place.others(), has));
        if (place.verdict() == Verdict.VOID) return "It is void: kept without effect; " + known + ".";
        boolean applied = facts.view().isEmpty() || facts.view().get().applied();
        return (facts.quarantined().isPresent() ? "It counts but is malformed, so it has no effect" : facts.view().isEmpty() ? "It is in the log" : applied ? "It is in effect here" : "It is in the log and not shown here yet") + "; " + known + ".";
    }

    /// One sentence about an event behind a record: where it is, and who has it.
    static Step inShort(EventFacts facts) {
        var id = facts.event().id();
        var place = facts.place().orElseThrow();
        long has = place.holders().stream().filter(holder -> holder.knowledge().has()).count();
        var open = place.holders().stream().filter(holder -> !holder.knowledge().has()).map(holder -> facts.names().node(holder.node())).limit(5).collect(Collectors.joining(", "));
        var known = place.others() == 0 && has == 0 ? "the space has no other member" : has == 0 ? "no other member is known to have it" : known(has, Math.max(place.others(), has));
        return Step.of(has >= place.others() ? Kind.ACKNOWLEDGED : Kind.NOT_KNOWN, has >= place.others() ? Tone.DONE : Tone.OPEN,
            Names.capital(Names.event(id)) + ", by " + facts.names().node(facts.event().chain().origin()) + ", is entry " + place.offset() + " of this node's log; " + known
                + (open.isEmpty() || has == 0 ? "." : ", not " + open + "."), id);
    }

    private static String known(long has, long others) {
        if (others == 1) return has == 1 ? "the other member is known to have it" : "the other member is not known to have it";
        return has + " of " + others + " other members are known to have it";
    }
}
