package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Who holds a task, and what was done under a claim that holds: judged of the log alone, so every node says the same, and a worker that was stopped or cut
/// off beyond its lease changes nothing, whatever it believes.
///
/// Claims form one chain. A claim names the one before it and has its token + 1; it names the last event under that which its author knew. It may follow
/// when, by what is at or before that event, the lease before it was over at its own stamp, or its holder had ended it, or the holder follows itself. A task
/// that is assigned to one node alone is claimed by that node only: the assignment is the last one with a smaller stamp. Of several claims that may follow one, that one counts under which, or
/// under whose followers, a result came first: first at the sequencer, those that did not reach it after those that did, and then by (ts, origin, id). So a result that everybody saw is not
/// undone by a claim that was made offline and comes late. While there is no result the one that reached the sequencer first counts, and without a sequencer the smallest id. What is done under a claim counts while it names the claim's token and no claim follows; what lies behind the event that the following
/// claim names, or behind the claim's end, is refused.
public final class Claims {
    /// @param limit what has a greater stamp is refused; empty while the claim goes on
    /// @param end   by which its holder ended it
    public record Standing(Claim claim, Optional<Hlc> limit, Optional<Effect> end) {}

    /// Claims that contend under claims that contend, and so on: beyond this depth results are not looked for.
    private static final int DEPTH_MAX = 50;
    private final SequencedMap<EventId, Standing> standing = new LinkedHashMap<>();          // at most BoardLimits.TOKEN_MAX
    private final Map<Optional<EventId>, Optional<Claim>> chosen = new HashMap<>();          // who follows a claim, where several contend
    private final BoardReading reading;

    private Claims(BoardReading reading) {
        this.reading = reading;
    }

    public static Claims of(BoardReading reading, String task) {
        var claims = new Claims(reading);
        for (var claim = claims.following(task, Optional.empty(), 0); claim.isPresent(); ) {
            var holder = claim.get();
            claim = claims.following(task, claim, 0);
            claims.add(holder, claim.flatMap(following -> reading.under(holder, following.last().orElseThrow())));
        }
        return claims;
    }

    private void add(Claim claim, Optional<Hlc> known) {
        var end = reading.end(claim, known);
        standing.put(claim.id(), new Standing(claim, end.map(effect -> effect.stamp().ts()).or(() -> known), end));
    }

    /// The claim that counts of those that name `before`.
    private Optional<Claim> following(String task, Optional<Claim> before, int depth) {
        var known = chosen.get(before.map(Claim::id));
        if (known != null) return known;
        var contending = new ArrayList<Claim>();
        for (var after = Optional.<EventId>empty();;) {
            var page = reading.claims(task, before.map(Claim::id), after, BoardReading.PAGE);
            for (var claim : page) if (mayFollow(claim, before) && mayClaim(claim)) contending.add(claim);
            if (page.size() < BoardReading.PAGE) break;
            after = Optional.of(page.getLast().id());
        }
        if (contending.size() < 2) return contending.stream().findFirst();
        var first = contending.stream().map(claim -> new Contender(claim, depth < DEPTH_MAX ? result(claim, depth + 1) : Optional.empty(), reading.rank(claim.id()))).min(Contender.ORDER).map(Contender::claim);
        chosen.put(before.map(Claim::id), first);
        return first;
    }

    /// @param result the first that came under it or under its followers
    /// @param rank   the claim's own place in the sequencer's order
    private record Contender(Claim claim, Optional<Result> result, Optional<Rank> rank) {
        static final Comparator<Contender> ORDER = Comparator.comparing(Contender::result, presentFirst(Result.ORDER)).thenComparing(Contender::rank, presentFirst(Comparator.naturalOrder()))
            .thenComparing(contender -> contender.claim().id());
    }

    private record Result(Optional<Rank> rank, Stamp stamp) {
        static final Comparator<Result> ORDER = Comparator.comparing(Result::rank, presentFirst(Comparator.naturalOrder())).thenComparing(Result::stamp);
    }

    private static <T> Comparator<Optional<T>> presentFirst(Comparator<? super T> order) {
        return Comparator.comparing((Optional<T> each) -> each.orElse(null), Comparator.nullsLast(order));
    }

    private Optional<Result> result(Claim first, int depth) {
        for (var claim = Optional.of(first); claim.isPresent(); ) {
            var holder = claim.get();
            claim = following(holder.task(), claim, depth);
            var end = reading.end(holder, claim.flatMap(following -> reading.under(holder, following.last().orElseThrow()))).filter(effect -> effect.kind() == Effect.Kind.FINISHED);
            if (end.isPresent()) return Optional.of(new Result(reading.rank(end.get().stamp().id()), end.get().stamp()));
        }
        return Optional.empty();
    }

    private boolean mayFollow(Claim claim, Optional<Claim> before) {
        if (!claim.counts() || claim.token() != before.map(Claim::token).orElse(0L) + 1) return false;
        if (before.isEmpty()) return true;
        var last = reading.under(before.get(), claim.last().orElseThrow());
        if (last.isEmpty()) return false;
        return claim.stamp().origin().equals(before.get().stamp().origin()) || reading.end(before.get(), last).isPresent()
            || reading.leaseEndMs(before.get(), last) <= claim.stamp().ts().wallMs();
    }

    private boolean mayClaim(Claim claim) {
        return assigned(claim.task(), Optional.of(claim.stamp())).filter(to -> to.alone() && !to.node().equals(claim.stamp().origin())).isEmpty();
    }

    private Optional<AssignedTo> assigned(String task, Optional<Stamp> below) {
        for (var at = below;;) {
            var page = reading.changes(task, Field.ASSIGNED_NODE, at, BoardReading.PAGE);
            for (var change : page) if (change.counts() && !change.deletes()) return Optional.of(change.brief()).filter(to -> !to.isEmpty()).map(AssignedTo::of);
            if (page.size() < BoardReading.PAGE) return Optional.empty();
            at = Optional.of(page.getLast().stamp());
        }
    }

    /// The chain, oldest first.
    public Iterable<Standing> chain() {
        return standing.values();
    }

    public Optional<Standing> last() {
        return Optional.ofNullable(standing.lastEntry()).map(Map.Entry::getValue);
    }

    /// The claim that is not over. Whether its lease is, is a question of the time.
    public Optional<Claim> open() {
        return last().filter(claim -> claim.end().isEmpty()).map(Standing::claim);
    }

    /// Whether what was done with a stamp under a claim counts.
    public boolean holds(ClaimRef under, Stamp stamp) {
        var found = standing.get(under.id());
        return found != null && found.claim().token() == under.token() && found.claim().stamp().origin().equals(stamp.origin())
            && found.limit().filter(limit -> stamp.ts().compareTo(limit) > 0).isEmpty();
    }

    /// Whether a change says that somebody works on a task which he gave back, or which whoever took it over gave back.
    boolean gaveBack(Change change) {
        if (change.field() != Field.STATUS || change.claim().isEmpty() || !TaskStatus.INPROGRESS.wire().equals(change.brief())) return false;
        return isGivenBack(Optional.ofNullable(standing.get(change.claim().get().id()))) || isGivenBack(last());
    }

    private static boolean isGivenBack(Optional<Standing> claim) {
        return claim.flatMap(Standing::end).filter(end -> end.kind() == Effect.Kind.RELEASED).isPresent();
    }
}
