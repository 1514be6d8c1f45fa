package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/// From a record's changes to what is shown of it. Every answer is a function of the changes alone: they are read newest first, a page at a time, so
/// a record that somebody changed a million times costs time and no memory.
///
/// An actor's rights at an event are judged at the event's stamp: by the bans and moderators' events with smaller stamps. A stamp is above those of all that
/// its author knew, so whoever has seen a ban is bound by it, and so is who wrote later without having seen it. What was written before stays.
public final class Resolution {
    private static final int RECORDS_REMEMBERED_MAX = 10_000;

    private final HiveReading reading;
    private final Map<String, Boolean> touched = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > RECORDS_REMEMBERED_MAX;
        }
    };

    public Resolution(HiveReading reading) {
        this.reading = reading;
    }

    /// Forgets which records have changes: to be called when some were added.
    void forget() {
        touched.clear();
    }

    // rights

    /// @param at a moment; empty for now
    public boolean isBanned(Actor agent, Optional<Stamp> at) {
        return decided(new Ref.Ban(agent), at).filter(change -> change.kind() == Change.Kind.BAN).isPresent();
    }

    /// Named one by the owner's or a moderator's node, or acting on such a node.
    public boolean isModerator(Change change) {
        return change.rank() >= Change.MODERATOR || isNamedModerator(change.actor(), Optional.of(change.stamp()));
    }

    public boolean isNamedModerator(Actor agent, Optional<Stamp> at) {
        return decided(new Ref.Moderator(agent), at).filter(change -> change.kind() == Change.Kind.ADD).isPresent();
    }

    private Optional<Change> decided(Ref about, Optional<Stamp> at) {
        var key = about.key();
        if (!touched.computeIfAbsent(key, asked -> !reading.changes(asked, Optional.empty(), 1).isEmpty())) return Optional.empty();
        return owned(key, at, mayDecide(about), true).shown();
    }

    private Predicate<Change> mayDecide(Ref about) {
        return switch (about) {
            case Ref.Moderator _ -> change -> change.rank() >= Change.MODERATOR;
            case Ref.Ban _, Ref.Setting _ -> this::isModerator;
            case Ref.Content _, Ref.Vote _, Ref.Presence _ -> throw new IllegalArgumentException("nobody owns " + about);
        };
    }

    // the owner policy

    /// @param live  the changes that no other one that counts was based on, newest first
    /// @param shown the one that is shown: by the owner's node, else the later, else the smaller id
    public record Owned(List<Change> live, Optional<Change> shown) {
        List<EventId> ids() {
            return live.stream().map(change -> change.stamp().id()).toList();
        }
    }

    /// A setting, a ban, or a moderator. Bans and moderators are ranked: what a higher rank decided is taken back by the same rank or a higher one.
    public Owned owned(Ref about) {
        return owned(about.key(), Optional.empty(), mayDecide(about), !(about instanceof Ref.Setting));
    }

    private Owned owned(String key, Optional<Stamp> at, Predicate<Change> effective, boolean ranked) {
        var frontier = new Frontier(ranked);
        for (var changes = changes(key, at); changes.hasNext(); ) {
            var change = changes.next();
            frontier.next(change, change.counts() && effective.test(change));
        }
        return frontier.owned();
    }

    /// What no other change that counts was based on. A change is based on those that it names, and on all that its own node wrote before: a node knows what
    /// it wrote itself. One whose base has no effect inherits that base's bases.
    private static final class Frontier {
        private static final Comparator<Change> OWNER_FIRST = Comparator.comparing((Change change) -> change.rank() == Change.OWNER)
            .thenComparing(change -> change.stamp().ts()).thenComparing(change -> change.stamp().id(), Comparator.reverseOrder());
        private final boolean ranked;
        private final Map<EventId, Integer> replaced = new HashMap<>();           // by the highest rank that was based on it
        private final Map<NodeId, Integer> wrote = new HashMap<>();               // the highest rank by which all older ones of a node are replaced
        private final List<Change> live = new ArrayList<>();

        Frontier(boolean ranked) {
            this.ranked = ranked;
        }

        /// Takes the next older change.
        ///
        /// @return true when it is live
        boolean next(Change change, boolean effective) {
            var named = replaced.remove(change.stamp().id());
            var own = wrote.get(change.stamp().origin());
            var by = named == null ? own : own == null ? named : Integer.valueOf(Math.max(named, own));
            if (effective || by != null) {
                int rank = effective ? change.rank() : by;
                for (var base : change.bases()) replaced.merge(base, rank, Math::max);
                wrote.merge(change.stamp().origin(), rank, Math::max);
            }
            if (!effective) return false;
            boolean isLive = by == null || ranked && by < change.rank();
            if (isLive) live.add(change);
            return isLive;
        }

        Owned owned() {
            return new Owned(live, live.stream().max(OWNER_FIRST));
        }
    }

    // content

    /// @param created the event that made it: of several the first that counts
    /// @param title   the change whose title is shown; so for the others
    /// @param edited  the newest edit, if any
    /// @param why     the change that took it away, for its reason
    /// @param live    what a change made now is based on
    public record Content(Change created, Change title, Change content, Change url, Optional<Change> edited, ContentState state, Optional<Change> why, List<EventId> live) {}

    /// @return empty while nobody made it
    public Optional<Content> content(Target target) {
        var key = new Ref.Content(target).key();
        var created = created(key);
        return created.map(change -> content(key, change));
    }

    private Optional<Change> created(String key) {
        Change first = null;
        for (var changes = changes(key, Optional.empty()); changes.hasNext(); ) {
            var change = changes.next();
            if (change.kind() == Change.Kind.CREATED && mayWrite(change)) first = change;
        }
        return Optional.ofNullable(first);
    }

    private boolean mayWrite(Change change) {
        return change.counts() && !isBanned(change.actor(), Optional.of(change.stamp()));
    }

    private Content content(String key, Change created) {
        var text = new Frontier(false);
        var removal = new Frontier(true);
        Change title = null;
        Change content = null;
        Change url = null;
        Change edited = null;
        boolean liveEdit = false;
        boolean others = false;                                           // whoever speaks of it knew that it was made
        Optional<Change> deleted = Optional.empty();
        for (var changes = changes(key, Optional.empty()); changes.hasNext(); ) {
            var change = changes.next();
            boolean own = change.actor().equals(created.actor());
            boolean takes = change.kind() == Change.Kind.DELETED || change.kind() == Change.Kind.RESTORED;
            boolean removes = takes && !own;
            boolean effective = switch (change.kind()) {
                case CREATED -> change.equals(created);
                case UPDATED -> mayWrite(change) && (own || isModerator(change));
                default -> own ? mayWrite(change) : change.counts() && isModerator(change);
            };
            removal.next(change, effective && removes);
            boolean isLive = text.next(change, effective && !removes);
            if (isLive && change.kind() == Change.Kind.DELETED) deleted = deleted.or(() -> Optional.of(change));
            else if (isLive && (change.kind() != Change.Kind.CREATED || !others)) liveEdit = true;
            others |= effective && !removes;
            if (!effective || takes) continue;
            if (edited == null && change.kind() == Change.Kind.UPDATED) edited = change;
            if (title == null && change.sets(Change.TITLE)) title = change;
            if (content == null && change.sets(Change.CONTENT)) content = change;
            if (url == null && change.sets(Change.URL)) url = change;
        }
        var removed = removal.owned().shown().filter(change -> change.kind() == Change.Kind.DELETED);
        var state = removed.isPresent() ? ContentState.REMOVED : liveEdit ? ContentState.LIVE : ContentState.DELETED;
        var live = new ArrayList<>(removal.owned().ids());
        live.addAll(text.owned().ids());
        return new Content(created, title, content, url, Optional.ofNullable(edited), state, state == ContentState.REMOVED ? removed : deleted.filter(_ -> state == ContentState.DELETED), live);
    }

    // votes and presence: the last word counts

    public Optional<Change> vote(Ref.Vote vote) {
        return newest(vote.key(), this::mayWrite);
    }

    public Optional<Change> presence(Actor agent) {
        return newest(new Ref.Presence(agent).key(), Change::counts);
    }

    private Optional<Change> newest(String key, Predicate<Change> effective) {
        for (var changes = changes(key, Optional.empty()); changes.hasNext(); ) {
            var change = changes.next();
            if (effective.test(change)) return Optional.of(change);
        }
        return Optional.empty();
    }

    private Iterator<Change> changes(String key, Optional<Stamp> below) {
        return new Iterator<>() {
            private List<Change> page = reading.changes(key, below, 4);           // most records have one or two
            private int at;
            private int size = 4;

            @Override public boolean hasNext() {
                if (at < page.size()) return true;
                if (page.size() < size) return false;
                size = HiveReading.PAGE;
                page = reading.changes(key, Optional.of(page.getLast().stamp()), size);
                at = 0;
                return !page.isEmpty();
            }

            @Override public Change next() {
                if (!hasNext()) throw new NoSuchElementException();
                return page.get(at++);
            }
        };
    }
}
