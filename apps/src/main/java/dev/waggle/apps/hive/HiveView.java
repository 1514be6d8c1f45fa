package dev.waggle.apps.hive;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.AuthorRoles;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Posts, comments, votes, settings and members of a hive, derived from its log. The rows are a pure function of the events that count: neither the order
/// in which entries arrive nor how they are grouped makes a difference (I2, I3, I8).
///
/// [#apply] notes what an entry is about, [#settle] works out anew what is shown of all that was noted. One thread; the store's transaction belongs to the
/// caller, and after a rollback a new view must be made.
public final class HiveView {
    /// Records that may be noted before they are settled: what bounds memory, whatever the log holds.
    private static final int NOTED_MAX = 2_000;
    /// Posts and comments whose sums may be behind: they are written once behind many votes.
    private static final int COUNTED_MAX = 8_000;
    private static final int NEWS_MAX = 1_000;

    private final HiveStore store;
    private final EventLog log;
    private final Resolution resolution;
    private final AuthorRoles roles;
    private final Map<String, Ref> noted = new LinkedHashMap<>();
    private final Set<Actor> agents = new LinkedHashSet<>();
    private final Set<Target> counted = new LinkedHashSet<>();
    private final Set<Target> scored = new LinkedHashSet<>();
    private final Map<Long, HiveChange> fresh = new LinkedHashMap<>();            // of the entries since the last settling
    private final List<News> news = new ArrayList<>();
    private long offset;

    public HiveView(HiveStore store, EventLog log) {
        this.store = store;
        this.log = log;
        this.resolution = new Resolution(store);
        this.roles = new AuthorRoles(log);
        this.offset = store.cursor();
        store.control().forEach(roles::add);
    }

    /// Folds one entry. Those at or below the store's cursor change nothing.
    public void apply(Entry entry) {
        if (entry.offset() <= offset) return;
        offset = entry.offset();
        switch (entry) {
            case Entry.Admitted(_, var event, var verdict) -> admit(event, verdict == Verdict.COUNTS);
            case Entry.VerdictChanged(_, var chain, var branch, var from, var to, var verdict) -> {
                for (long seq = from; seq <= to; seq++) {
                    log.at(chain, branch, seq).ifPresent(admitted -> judge(admitted, verdict == Verdict.COUNTS));
                    settleWhenFull();
                }
            }
        }
        settleWhenFull();
    }

    private void admit(Event event, boolean counts) {
        if (ControlType.isControl(event.type())) {
            if (roles.add(event)) store.addControl(event);
            return;
        }
        try {
            var change = HiveCodec.read(event);
            if (change.isEmpty()) return;                                 // another space type's, or a newer node's: nothing to see here
            if (!store.add(line(event, change.get(), counts, offset))) return;
            fresh.put(offset, change.get());
            note(change.get(), event);
        } catch (MalformedPayload malformed) {
            store.quarantine(event.id(), event.type(), malformed.getMessage());
        }
    }

    private Change line(Event event, HiveChange change, boolean counts, long at) {
        int value = change instanceof HiveChange.Voted(_, _, var vote) ? vote : 0;
        return new Change(change.ref().key(), Stamp.of(event), change.kind(), change.actor(), rank(event), counts, change.sets(), value, HiveCodec.bases(event), at);
    }

    private int rank(Event event) {
        return switch (roles.of(event).orElse(Role.READER)) {
            case OWNER -> Change.OWNER;
            case MODERATOR -> Change.MODERATOR;
            case WRITER, COORDINATOR, READER -> Change.MEMBER;
        };
    }

    private void judge(Entry.Admitted admitted, boolean counts) {
        var event = admitted.event();
        try {
            var change = HiveCodec.read(event);
            if (change.isPresent() && store.counts(change.get().ref().key(), Stamp.of(event), counts)) note(change.get(), event);
        } catch (MalformedPayload _) {
            // it was without effect and stays so
        }
    }

    private void note(HiveChange change, Event event) {
        var ref = change.ref();
        noted.put(ref.key(), ref);
        if (change.kind() == Change.Kind.CREATED || change.kind() == Change.Kind.JOIN) agents.add(change.actor());
        switch (ref) {
            case Ref.Ban(var agent) -> rightsChanged(agent, Stamp.of(event));
            case Ref.Moderator(var agent) -> rightsChanged(agent, Stamp.of(event));
            case Ref.Content _, Ref.Vote _, Ref.Setting _, Ref.Presence _ -> { }
        }
    }

    /// What somebody did after his rights changed is judged anew; seldom much, because whoever knows of the change does no more.
    private void rightsChanged(Actor agent, Stamp since) {
        resolution.forget();
        for (var after = since;;) {
            var page = store.by(agent, after, HiveReading.PAGE);
            for (var change : page) {
                read(change.offset()).ifPresent(done -> {
                    noted.put(change.key(), done.ref());
                    if (done.ref() instanceof Ref.Ban(var banned)) rightsChanged(banned, change.stamp());        // stamps only grow: this ends
                });
                settleWhenFull();
            }
            if (page.size() < HiveReading.PAGE) return;
            after = page.getLast().stamp();
        }
    }

    private Optional<HiveChange> read(long at) {
        var known = fresh.get(at);
        return known != null ? Optional.of(known) : HiveCodec.read(eventAt(at));
    }

    private Event eventAt(long at) {
        if (log.atOffset(at).orElseThrow(() -> new IllegalStateException("the log has no entry " + at)) instanceof Entry.Admitted admitted) return admitted.event();
        throw new IllegalStateException("entry " + at + " is no event");
    }

    /// Works out what is shown of everything that was noted.
    public void settle() {
        settleNoted();
        writeTotals();
        store.cursor(offset);
    }

    private void settleWhenFull() {
        if (noted.size() < NOTED_MAX) return;
        settleNoted();
        if (counted.size() >= COUNTED_MAX) writeTotals();
    }

    private void writeTotals() {
        for (var target : counted) store.writeTotals(target, offset);
        counted.clear();
        scored.clear();
    }

    private void settleNoted() {
        var refs = List.copyOf(noted.values());
        noted.clear();
        for (var ref : refs) {
            switch (ref) {
                case Ref.Content(var target) when target.kind() == Target.Kind.POST -> settlePost(target);
                case Ref.Content(var target) -> settleComment(target);
                case Ref.Vote vote -> settleVote(vote);
                case Ref.Setting setting -> settleSetting(setting);
                case Ref.Ban(var agent) -> settleMember(agent);
                case Ref.Moderator(var agent) -> settleMember(agent);
                case Ref.Presence(var agent) -> settleMember(agent);
            }
        }
        for (var agent : agents) settleAgent(agent);
        agents.clear();
        fresh.clear();
    }

    private void settlePost(Target target) {
        var before = store.post(target.id());
        var content = resolution.content(target);
        if (content.isEmpty()) {
            if (before.isEmpty()) return;
            store.removePost(target.id(), offset);
            tell(News.Kind.POST_CHANGED, target.id(), "");
            return;
        }
        var shown = content.get();
        var live = shown.state() == ContentState.LIVE;
        var row = new PostRow(target.id(), shown.created().actor(), live ? title(shown.title()) : "", live ? text(shown.content()) : Optional.empty(),
            live ? url(shown.url()) : Optional.empty(), shown.state(), reason(shown.why()), createdMs(shown.created()), updatedMs(shown),
            shown.created().stamp().id(), offset);
        if (before.isPresent() && row.shows(before.get())) return;
        store.put(row);
        if (before.isEmpty() || before.get().createdMs() != row.createdMs()) counted.add(target);          // the order by heat depends on both
        tell(before.isEmpty() ? News.Kind.NEW_POST : News.Kind.POST_CHANGED, target.id(), "");
    }

    private void settleComment(Target target) {
        var waiting = new ArrayList<String>();
        placeComment(target.id()).ifPresent(waiting::add);
        while (!waiting.isEmpty()) {                                      // whoever answers a comment moves with it
            var parent = waiting.removeLast();
            for (var after = "";;) {
                var page = store.children(parent, after, HiveReading.PAGE);
                for (var child : page) placeComment(child).ifPresent(waiting::add);
                if (page.size() < HiveReading.PAGE) break;
                after = page.getLast();
            }
        }
    }

    /// @return the comment when its place is another than before: then those who answer it move, too
    private Optional<String> placeComment(String id) {
        var target = Target.comment(id);
        var before = store.comment(id);
        var content = resolution.content(target);
        if (content.isEmpty()) {
            if (before.isEmpty()) return Optional.empty();
            store.removeComment(id, offset);
            counted.add(Target.post(before.get().post()));
            tell(News.Kind.COMMENT_CHANGED, id, before.get().post());
            return Optional.of(id);
        }
        var shown = content.get();
        var created = (HiveChange.Created) read(shown.created().offset()).orElseThrow();
        var createdMs = createdMs(shown.created());
        var place = created.parent().isEmpty() ? Optional.of(CommentRow.Place.top(id, createdMs))
            : store.comment(created.parent().get()).filter(parent -> parent.post().equals(created.post())).flatMap(CommentRow::place).map(above -> above.below(id, createdMs));
        var row = new CommentRow(id, created.post(), created.parent(), shown.created().actor(), shown.state() == ContentState.LIVE ? text(shown.content()).orElse("") : "",
            shown.state(), reason(shown.why()), place, createdMs, updatedMs(shown), shown.created().stamp().id(), offset);
        if (before.isPresent() && row.shows(before.get())) return Optional.empty();
        store.put(row);
        if (before.isEmpty()) counted.add(target);
        if (row.isCounted() != before.filter(CommentRow::isCounted).isPresent()) counted.add(Target.post(row.post()));
        if (before.isPresent() && !before.get().post().equals(row.post())) counted.add(Target.post(before.get().post()));
        tell(before.isEmpty() ? News.Kind.NEW_COMMENT : News.Kind.COMMENT_CHANGED, id, row.post());
        return before.flatMap(CommentRow::place).equals(place) ? Optional.empty() : Optional.of(id);
    }

    private void settleVote(Ref.Vote vote) {
        var newest = resolution.vote(vote);
        var now = newest.filter(change -> change.value() != 0).map(change -> new HiveReading.Vote(change.value(), change.stamp().id()));
        if (now.equals(store.vote(vote.target(), vote.voter()))) return;
        store.putVote(vote.target(), vote.voter(), now.map(HiveReading.Vote::value).orElse(0), newest.map(Change::stamp).orElse(null));
        counted.add(vote.target());
        if (scored.add(vote.target()))
            tell(vote.target().kind() == Target.Kind.POST ? News.Kind.POST_SCORE : News.Kind.COMMENT_SCORE, vote.target().id(), "");
    }

    private void settleSetting(Ref.Setting setting) {
        var before = store.setting(setting.name());
        var shown = resolution.owned(setting).shown();
        if (shown.isEmpty()) {
            if (before.isEmpty()) return;
            store.removeSetting(setting.name());
        } else {
            var change = shown.get();
            var said = (HiveChange.SettingChanged) read(change.offset()).orElseThrow();
            var row = new SettingRow(setting.name(), said.value(), change.actor(), change.stamp().ts().wallMs(), change.stamp().id());
            if (before.filter(row::equals).isPresent()) return;
            store.put(row);
        }
        tell(News.Kind.SETTING, setting.name(), "");
    }

    private void settleMember(Actor agent) {
        var presence = resolution.presence(agent);
        var ban = resolution.owned(new Ref.Ban(agent)).shown();
        var moderator = resolution.owned(new Ref.Moderator(agent)).shown();
        var before = store.member(agent);
        long sinceMs = Math.max(wallMs(presence), Math.max(wallMs(ban), wallMs(moderator)));
        if (presence.isEmpty() && ban.isEmpty() && moderator.isEmpty()) {
            if (before.isEmpty()) return;
            store.removeMember(agent);
        } else {
            var row = new MemberRow(agent, presence.filter(change -> change.kind() == Change.Kind.JOIN).isPresent(), ban.filter(change -> change.kind() == Change.Kind.BAN).isPresent(),
                moderator.filter(change -> change.kind() == Change.Kind.ADD).isPresent(), sinceMs);
            if (before.filter(row::equals).isPresent()) return;
            store.put(row);
        }
        tell(News.Kind.MEMBER, agent.agent(), "");
    }

    private static long wallMs(Optional<Change> change) {
        return change.map(known -> known.stamp().ts().wallMs()).orElse(0L);
    }

    private void settleAgent(Actor agent) {
        var newest = store.newestNamed(agent);
        if (newest.isEmpty()) {
            store.removeAgent(agent);
            return;
        }
        var snapshot = switch (read(newest.get().offset()).orElseThrow()) {
            case HiveChange.Created created -> created.author();
            case HiveChange.MemberChanged member -> member.agent();
            case HiveChange other -> throw new IllegalStateException("it names nobody: " + other);
        };
        store.putAgent(snapshot, newest.get().stamp());
    }

    private String title(Change change) {
        return switch (read(change.offset()).orElseThrow()) {
            case HiveChange.Created created -> created.title();
            case HiveChange.Updated updated -> updated.title().orElseThrow();
            case HiveChange other -> throw new IllegalStateException("it has no title: " + other);
        };
    }

    private Optional<String> text(Change change) {
        return switch (read(change.offset()).orElseThrow()) {
            case HiveChange.Created created -> created.content();
            case HiveChange.Updated updated -> updated.content();
            case HiveChange other -> throw new IllegalStateException("it has no content: " + other);
        };
    }

    private Optional<String> url(Change change) {
        return switch (read(change.offset()).orElseThrow()) {
            case HiveChange.Created created -> created.url();
            case HiveChange.Updated updated -> updated.url().filter(url -> !url.isEmpty());
            case HiveChange other -> throw new IllegalStateException("it has no link: " + other);
        };
    }

    private Optional<String> reason(Optional<Change> why) {
        return why.flatMap(change -> read(change.offset())).flatMap(said -> said instanceof HiveChange.Deleted deleted ? deleted.reason() : Optional.empty());
    }

    /// What was imported keeps its time, as long as that is not later than when it was imported.
    private long createdMs(Change change) {
        long stampedMs = change.stamp().ts().wallMs();
        return read(change.offset()).orElseThrow() instanceof HiveChange.Created created && created.createdMs().isPresent()
            ? Math.min(created.createdMs().getAsLong(), stampedMs) : stampedMs;
    }

    private long updatedMs(Resolution.Content shown) {
        return shown.edited().map(change -> change.stamp().ts().wallMs()).orElseGet(() -> createdMs(shown.created()));
    }

    private void tell(News.Kind kind, String id, String post) {
        if (news.size() < NEWS_MAX) news.add(new News(kind, id, post));
    }

    /// What is shown otherwise since the last call, at most [#NEWS_MAX]; to be told after the commit.
    public List<News> takeNews() {
        var taken = List.copyOf(news);
        news.clear();
        return taken;
    }
}
