package dev.waggle.sim.oracle;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Role;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which of a space's events are void, worked out a second time: with sets of ids and by walking every chain, event by event, from what
/// docs/protocol.md says of members. Slow, and nothing is kept between two questions but what an event was when it was written.
public final class Rights {
    private static final long DAYS_30 = 30L * 24 * 3_600_000;

    private final Map<String, Event> events = new HashMap<>();
    private final List<Event> controls = new ArrayList<>();
    private final Map<String, Set<String>> pasts = new HashMap<>();
    private final Map<String, Seen> seen = new HashMap<>();

    /// What an event's author was, whose reign it was and by which event it was said who keeps checkpoints, where it wrote the event; and what it gave to a key
    /// that took another's place.
    private record Seen(Role role, String reign, boolean takes, Held before, String keeper) {}

    private record Held(Role role, Hlc since) {}

    /// What a set of control events comes to.
    private final class Outcome {
        final Set<String> all;
        final boolean everything;
        final List<String> reigns = new ArrayList<>();
        Set<String> standing = new HashSet<>();
        Map<String, Held> moved = new HashMap<>();
        List<Event> cuts = new ArrayList<>();

        Outcome(Set<String> all, boolean everything) {
            this.all = all;
            this.everything = everything;
            reigns.add(id(controls.getFirst()));
            for (Event next; ; reigns.add(id(next))) {
                decide();
                next = successor();
                if (next == null) break;
            }
            for (var event : in(all)) if (event.type().equals(ControlType.CHECKPOINT) && !isKept(event)) standing.remove(id(event));
        }

        /// Who kept the checkpoints of a reign, one after another: the event that made the owner that, then each that named somebody in full knowledge of the one before.
        List<String> keepers(String reign) {
            var keepers = new ArrayList<>(List.of(reign));
            for (String next = ""; next != null; ) {
                next = in(all).stream().filter(event -> event.type().equals(ControlType.COORDINATOR_NAMED) && standing.contains(id(event)) && seen.get(id(event)).reign.equals(reign)
                    && seen.get(id(event)).keeper.equals(keepers.getLast()) && author(event).equals(crowned(events.get(reign)))).map(Rights::id).min(Comparator.naturalOrder()).orElse(null);
                if (next != null) keepers.add(next);
            }
            return keepers;
        }

        boolean isKept(Event checkpoint) {
            var was = seen.get(id(checkpoint));
            if (!reigns.contains(was.reign)) return false;
            var keepers = keepers(was.reign);
            if (!keepers.contains(was.keeper)) return false;
            var ends = new ArrayList<>(keepers.subList(keepers.indexOf(was.keeper) + 1, keepers.size()));
            if (!was.keeper.equals(was.reign)) ends.addAll(reigns.subList(reigns.indexOf(was.reign) + 1, reigns.size()));
            return ends.isEmpty() || pasts.get(ends.getFirst()).contains(id(checkpoint));
        }

        int rank(Event event) {
            if (event.type().equals(ControlType.GENESIS) || event.type().equals(ControlType.OWNERSHIP_CLAIMED)) return 0;
            var was = seen.get(id(event));
            if (was.role == Role.OWNER) return reigns.contains(was.reign) ? 0 : 1;
            return was.role == Role.MODERATOR ? 1 : 2;
        }

        void decide() {
            standing = new HashSet<>(all);
            moved = new HashMap<>();
            cuts = new ArrayList<>();
            for (var event : in(all)) if (event.type().equals(ControlType.DEVICE_ROTATED)) moved.put(id(event), seen.get(id(event)).before);
            for (var event : in(all)) {
                if (rank(event) > 0) continue;
                boolean stays = event.type().equals(ControlType.GENESIS) || (crowns(event) ? reigns.contains(id(event)) : !endedBefore(event));
                if (!stays) standing.remove(id(event));
                else if (takes(event)) cuts.add(event);
            }
            for (int rank = 1; rank < 3; rank++) ranked(rank);
        }

        boolean endedBefore(Event event) {
            int reign = reigns.indexOf(seen.get(id(event)).reign);
            return reign + 1 < reigns.size() && reaches(events.get(reigns.get(reign + 1)), event);
        }

        void ranked(int rank) {
            var mine = in(all).stream().filter(event -> rank(event) == rank).toList();
            var higher = List.copyOf(cuts);
            var own = mine.stream().filter(event -> ofItself(event) && takes(event) && !crowns(event) && higher.stream().noneMatch(cut -> reaches(cut, event))).toList();
            var alive = own.stream().filter(event -> own.stream().noneMatch(other -> other != event && author(other).equals(author(event))
                && id(other).compareTo(id(event)) < 0 && !past(event).contains(id(other)) && !past(other).contains(id(event)) && reaches(other, event))).toList();
            for (var event : mine) {
                boolean itself = ofItself(event) && takes(event) && !crowns(event);
                boolean stays = itself ? alive.contains(event) : !crowns(event) && higher.stream().noneMatch(cut -> reaches(cut, event))
                    && alive.stream().noneMatch(cut -> reaches(cut, event)) && (event.type().equals(ControlType.MEMBER_LEFT) || had(event));
                if (!stays) standing.remove(id(event));
                else if (event.type().equals(ControlType.DEVICE_ROTATED)) moved.put(id(event), held(event.body().text("subject"), before(event)));
            }
            for (var event : mine)
                if (standing.contains(id(event)) && takes(event) && (ofItself(event) && !crowns(event) || !overruled(event))) cuts.add(event);
        }

        boolean overruled(Event cut) {
            var whom = subject(cut);
            return in(all).stream().anyMatch(other -> standing.contains(id(other)) && speaksOf(other, whom) && rank(other) < rank(cut)
                && !past(other).contains(id(cut)) && !past(cut).contains(id(other)) && left(other, whom) < left(cut, whom));
        }

        /// Whether the author may do that without what is void.
        boolean had(Event event) {
            var mine = held(author(event), before(event));
            if (mine == null) return false;
            boolean manages = mine.role == Role.OWNER || mine.role == Role.MODERATOR;
            var whom = subject(event);
            var theirs = whom == null ? null : held(whom, before(event));
            int gap = theirs == null ? 0 : theirs.role.compareTo(mine.role);
            switch (event.type()) {
                case ControlType.POLICY_CHANGED, ControlType.READMITTED:
                    return manages;
                case ControlType.COORDINATOR_NAMED:
                    return mine.role == Role.OWNER && theirs != null && theirs.role != Role.READER;
                case ControlType.CHECKPOINT:
                    return mine.role != Role.READER;
                case ControlType.MEMBER_REMOVED:
                    return !whom.equals(author(event)) && (theirs == null ? mine.role == Role.OWNER : manages && gap > 0);
                case ControlType.DEVICE_ROTATED:
                    return theirs != null && held(event.body().text("to"), before(event)) == null && (ofItself(event) || manages && gap > 0);
                case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED:
                    boolean change = event.type().equals(ControlType.ROLE_CHANGED);
                    if (change ? theirs == null || !manages && !ofItself(event) : !manages) return false;
                    var role = Role.of(event.body().text("role"));
                    if (role == Role.OWNER || theirs != null && theirs.role == Role.OWNER || role.compareTo(mine.role) < 0) return false;
                    boolean less = theirs != null && role.compareTo(theirs.role) > 0;
                    return !less || (ofItself(event) || gap > 0) && (!change || event.body().get("cuts").isPresent());
                default:
                    return false;
            }
        }

        Held held(String node, Set<String> past) {
            var reign = events.get(reigns.stream().filter(past::contains).reduce((_, later) -> later).orElse(reigns.getFirst()));
            boolean gone = in(past).stream().anyMatch(event -> event.type().equals(ControlType.MEMBER_LEFT) && author(event).equals(node) && standing.contains(id(event))
                && seen.get(id(event)).role == Role.OWNER && seen.get(id(event)).reign.equals(id(reign)));
            if (crowned(reign).equals(node) && !gone) return new Held(Role.OWNER, reign.envelope().ts());
            var said = in(past).stream().filter(event -> standing.contains(id(event)) && speaksOf(event, node)).toList();
            var last = said.stream().filter(event -> said.stream().noneMatch(other -> other != event && past(other).contains(id(event))))
                .min(Comparator.<Event>comparingInt(this::rank).thenComparing(Comparator.<Event>comparingInt(event -> left(event, node)).reversed()).thenComparing(Rights::id));
            return last.map(event -> what(event, node)).orElse(null);
        }

        int left(Event event, String node) {
            var held = what(event, node);
            return held == null ? Role.values().length : held.role.ordinal();
        }

        Held what(Event event, String node) {
            var ts = event.envelope().ts();
            switch (event.type()) {
                case ControlType.GENESIS, ControlType.OWNERSHIP_TRANSFERRED, ControlType.OWNERSHIP_CLAIMED:
                    return new Held(Role.MODERATOR, ts);
                case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED:
                    var before = seen.get(id(event)).before;
                    var role = Role.of(event.body().text("role"));
                    return before != null && before.role == role ? before : new Held(role, ts);
                case ControlType.DEVICE_ROTATED:
                    return event.body().text("to").equals(node) ? moved.get(id(event)) : null;
                default:
                    return null;
            }
        }

        Event successor() {
            var reign = events.get(reigns.getLast());
            var owner = crowned(reign);
            var next = in(all).stream().filter(event -> crowns(event) && !reigns.contains(id(event)) && seen.get(id(event)).reign.equals(id(reign))).toList();
            var given = next.stream().filter(event -> !event.type().equals(ControlType.OWNERSHIP_CLAIMED) && author(event).equals(owner)).min(Comparator.comparing(Rights::id)).orElse(null);
            var taken = next.stream().filter(event -> event.type().equals(ControlType.OWNERSHIP_CLAIMED) && holds(event, owner)).min(Comparator.comparing((Event event) ->
                held(author(event), before(event)).role).thenComparing(event -> held(author(event), before(event)).since).thenComparing(Rights::id)).orElse(null);
            if (given == null || taken == null) return given == null ? taken : given;
            return given.envelope().ts().compareTo(taken.envelope().ts()) < 0 ? given : taken;
        }

        boolean holds(Event claim, String owner) {
            if (held(author(claim), before(claim)) == null) return false;
            if (cuts.stream().anyMatch(cut -> cut.envelope().ts().compareTo(claim.envelope().ts()) < 0 && reaches(cut, claim))) return false;
            if (in(before(claim)).stream().anyMatch(event -> event.type().equals(ControlType.MEMBER_LEFT) && author(event).equals(owner) && standing.contains(id(event))
                && seen.get(id(event)).role == Role.OWNER && seen.get(id(event)).reign.equals(reigns.getLast()))) return true;
            long end = claim.envelope().ts().wallMs();
            var wait = controls.getFirst().body().get("owner_gone_ms").map(Json::asInteger).orElse(DAYS_30);
            return (everything ? events.values() : in(all)).stream().noneMatch(event -> author(event).equals(owner)
                && event.envelope().ts().wallMs() <= end && event.envelope().ts().wallMs() > end - wait);
        }
    }

    private Rights(List<Event> admitted) {
        for (var event : admitted) events.put(id(event), event);
        for (var event : admitted) {
            if (!ControlType.isControl(event.type())) continue;
            controls.add(event);
            var past = new HashSet<>(Set.of(id(event)));
            for (var named : event.envelope().control()) past.addAll(pasts.get(named.hex()));
            pasts.put(id(event), past);
            if (event.type().equals(ControlType.GENESIS)) {
                seen.put(id(event), new Seen(Role.OWNER, id(event), false, null, id(event)));
                continue;
            }
            var then = new Outcome(before(event), false);
            var whom = subject(event);
            var before = whom == null ? null : then.held(whom, before(event));
            seen.put(id(event), new Seen(then.held(author(event), before(event)).role, then.reigns.getLast(), less(event, before), before, then.keepers(then.reigns.getLast()).getLast()));
        }
    }

    /// The ids of the events that are void.
    ///
    /// @param admitted all events of a log, parents first
    public static Set<String> voids(List<Event> admitted) {
        return new Rights(admitted).voids();
    }

    private Set<String> voids() {
        var all = new HashSet<String>();
        for (var event : controls) all.add(id(event));
        var now = new Outcome(all, true);
        var voids = new TreeSet<String>();
        for (var event : events.values()) if (isVoid(event, now)) voids.add(id(event));
        var rebased = new TreeSet<String>();
        for (var rebase : events.values()) {
            if (!rebase.type().equals(ControlType.REBASE) || voids.contains(id(rebase))) continue;
            var kept = new HashSet<String>();
            rebase.body().textIfPresent("id").ifPresent(last -> walk(last, kept));
            for (var event : events.values())
                if (author(event).equals(author(rebase)) && event.chain().epoch().hex().equals(rebase.body().text("old_epoch")) && !kept.contains(id(event))) rebased.add(id(event));
        }
        voids.addAll(rebased);
        return voids;
    }

    private boolean isVoid(Event event, Outcome now) {
        if (ControlType.isControl(event.type())) return !now.standing.contains(id(event));
        var past = before(event);
        var back = in(now.standing).stream().filter(each -> each.type().equals(ControlType.READMITTED) && subject(each).equals(author(event))
            && named(each, "counts").contains(id(event))).toList();
        for (var cut : now.cuts) {
            if (!reaches(cut, event)) continue;
            if (back.stream().noneMatch(each -> past(each).contains(id(cut)) && now.rank(each) <= now.rank(cut))) return true;
        }
        var shaken = in(past).stream().anyMatch(each -> !now.standing.contains(id(each)) && concerns(each, author(event), new HashSet<>()));
        if (!shaken || !back.isEmpty()) return false;
        var held = now.held(author(event), past);
        return held == null || !(held.role == Role.OWNER || held.role == Role.MODERATOR || held.role == Role.WRITER);
    }

    /// Whether an event speaks of a node, or of one whose place the node took.
    private boolean concerns(Event event, String node, Set<String> asked) {
        if (!asked.add(node)) return false;
        if (speaksOf(event, node)) return true;
        return controls.stream().anyMatch(each -> each.type().equals(ControlType.DEVICE_ROTATED) && each.body().text("to").equals(node)
            && concerns(event, each.body().text("subject"), asked));
    }

    private boolean reaches(Event cut, Event event) {
        return takes(cut) && subject(cut).equals(author(event)) && cut != event && !past(event).contains(id(cut)) && !named(cut, "cuts").contains(id(event));
    }

    private Set<String> named(Event event, String member) {
        var ids = new HashSet<String>();
        for (var each : event.body().arrayOrEmpty(member)) walk(((Json.Obj) each).text("id"), ids);
        return ids;
    }

    private void walk(String last, Set<String> into) {
        for (var at = events.get(last); at != null && into.add(id(at)); at = at.envelope().prev().map(prev -> events.get(prev.hex())).orElse(null)) { }
    }

    private boolean takes(Event event) {
        return seen.get(id(event)).takes;
    }

    private static boolean less(Event event, Held before) {
        if (event.body().get("cuts").isEmpty() || event.type().equals(ControlType.READMITTED) || event.type().equals(ControlType.COORDINATOR_NAMED) || subject(event) == null) return false;
        boolean gives = event.type().equals(ControlType.MEMBER_ADDED) || event.type().equals(ControlType.ROLE_CHANGED);
        return !gives || before != null && Role.of(event.body().text("role")).compareTo(before.role) > 0;
    }

    private boolean crowns(Event event) {
        return event.type().equals(ControlType.OWNERSHIP_TRANSFERRED) || event.type().equals(ControlType.OWNERSHIP_CLAIMED)
            || event.type().equals(ControlType.DEVICE_ROTATED) && ofItself(event) && seen.get(id(event)).role == Role.OWNER;
    }

    private static String crowned(Event reign) {
        return reign.type().equals(ControlType.OWNERSHIP_TRANSFERRED) || reign.type().equals(ControlType.DEVICE_ROTATED) ? reign.body().text("to") : author(reign);
    }

    private static String subject(Event event) {
        return switch (event.type()) {
            case ControlType.GENESIS, ControlType.MEMBER_LEFT, ControlType.OWNERSHIP_TRANSFERRED -> author(event);
            case ControlType.POLICY_CHANGED, ControlType.CHECKPOINT -> null;
            default -> event.body().text("subject");
        };
    }

    private static boolean ofItself(Event event) {
        return author(event).equals(subject(event));
    }

    private static boolean speaksOf(Event event, String node) {
        if (event.type().equals(ControlType.READMITTED) || event.type().equals(ControlType.COORDINATOR_NAMED)) return false;
        boolean to = switch (event.type()) {
            case ControlType.OWNERSHIP_TRANSFERRED, ControlType.DEVICE_ROTATED -> event.body().text("to").equals(node);
            case ControlType.OWNERSHIP_CLAIMED -> author(event).equals(node);
            default -> false;
        };
        return to || node.equals(subject(event));
    }

    private List<Event> in(Set<String> ids) {
        return controls.stream().filter(event -> ids.contains(id(event))).toList();
    }

    private Set<String> past(Event event) {
        return ControlType.isControl(event.type()) ? pasts.get(id(event)) : before(event);
    }

    private Set<String> before(Event event) {
        var past = new HashSet<String>();
        for (var named : event.envelope().control()) past.addAll(pasts.get(named.hex()));
        return past;
    }

    private static String id(Event event) {
        return event.id().hex();
    }

    private static String author(Event event) {
        return event.chain().origin().hex();
    }
}
