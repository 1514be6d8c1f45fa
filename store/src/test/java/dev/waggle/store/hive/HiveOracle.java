package dev.waggle.store.hive;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The rules of a hive worked out a second time, without looking at the first: all events in memory, every question answered by going through all of
/// them. Knows nothing of pages, cursors or tables.
final class HiveOracle {
    private final List<Event> all = new ArrayList<>();
    private final Set<EventId> counting = new HashSet<>();
    private final Map<String, Integer> ranks;

    /// @param ranks by node: 2 for the owner, 1 for moderators; they do not change in these tests
    HiveOracle(EventLog log, Map<String, Integer> ranks) {
        this.ranks = ranks;
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) if (entry instanceof Entry.Admitted(_, var event, var verdict)) {
            all.add(event);
            if (verdict == Verdict.COUNTS) counting.add(event.id());
        }
        all.sort(ORDER);
    }

    private static final Comparator<Event> ORDER = Comparator.comparing((Event event) -> event.envelope().ts()).thenComparing(event -> event.chain().origin()).thenComparing(Event::id);

    private static String who(Json.Obj body, String member) {
        var object = body.object(member);
        return object.text("instance_id") + "/" + object.text("agent_id");
    }

    private static String actor(Event event) {
        for (var member : List.of("author", "updated_by", "deleted_by", "restored_by", "changed_by", "by", "voter")) if (event.body().get(member).isPresent()) return who(event.body(), member);
        throw new IllegalArgumentException(event.type());
    }

    private int rank(Event event) {
        return ranks.getOrDefault(event.chain().origin().hex(), 0);
    }

    private boolean counts(Event event) {
        return counting.contains(event.id());
    }

    /// Named ones, what its node wrote before, and what made the thing.
    private List<EventId> bases(Event event, List<Event> about) {
        var bases = new ArrayList<>(event.body().arrayOrEmpty("ids").stream().map(id -> new EventId(id.asText())).toList());
        about.stream().filter(other -> ORDER.compare(other, event) < 0 && (other.chain().origin().equals(event.chain().origin()) || other.type().endsWith("_created"))).forEach(other -> bases.add(other.id()));
        return bases;
    }

    /// Everything that `event` was based on, through those that have no effect.
    private Set<EventId> replaced(Event event, List<Event> about, Predicate<Event> effective) {
        var found = new HashSet<EventId>();
        var open = new ArrayList<>(bases(event, about));
        while (!open.isEmpty()) {
            var id = open.removeLast();
            if (!found.add(id)) continue;
            about.stream().filter(other -> other.id().equals(id) && !effective.test(other)).forEach(other -> open.addAll(bases(other, about)));
        }
        return found;
    }

    private List<Event> live(List<Event> about, Predicate<Event> effective, boolean ranked) {
        return about.stream().filter(effective).filter(old -> about.stream().filter(effective)
            .noneMatch(by -> (!ranked || rank(by) >= rank(old)) && replaced(by, about, effective).contains(old.id()))).toList();
    }

    private Optional<Event> owned(List<Event> about, Predicate<Event> effective, boolean ranked) {
        return live(about, effective, ranked).stream().max(Comparator.comparing((Event event) -> rank(event) == 2).thenComparing(event -> event.envelope().ts())
            .thenComparing(Event::id, Comparator.reverseOrder()));
    }

    private boolean is(String type, String agent, Event at, String action) {
        var about = all.stream().filter(event -> event.type().equals(type) && (action.equals("add") || Set.of("ban", "unban").contains(event.body().text("action")))
            && who(event.body(), "agent").equals(agent) && (at == null || ORDER.compare(event, at) < 0)).toList();
        return owned(about, event -> counts(event) && (action.equals("add") ? rank(event) >= 1 : moderates(event)), true).filter(event -> event.body().text("action").equals(action)).isPresent();
    }

    private boolean moderates(Event event) {
        return rank(event) >= 1 || is("moderator_changed", actor(event), event, "add");
    }

    private boolean writes(Event event) {
        return counts(event) && !is("membership_changed", actor(event), event, "ban");
    }

    private List<Event> about(String kind, String id) {
        return all.stream().filter(event -> event.type().startsWith(kind + "_") && event.body().get(kind + "_id").filter(Json.of(id)::equals).isPresent()).toList();
    }

    private record Content(Event created, String state, Map<String, Json> fields, long updatedMs) {}

    private Optional<Content> content(String kind, String id) {
        var about = about(kind, id);
        var created = about.stream().filter(event -> event.type().endsWith("_created") && writes(event)).findFirst();
        if (created.isEmpty()) return Optional.empty();
        var author = actor(created.get());
        Predicate<Event> removes = event -> (event.type().endsWith("_deleted") || event.type().endsWith("_restored")) && !actor(event).equals(author);
        Predicate<Event> effective = event -> event.type().endsWith("_created") ? event.equals(created.get()) : removes.test(event) ? counts(event) && moderates(event)
            : writes(event) && (actor(event).equals(author) || moderates(event));
        var removal = owned(about, effective.and(removes), true);
        var live = live(about, effective.and(removes.negate()), false);
        boolean deleted = live.stream().allMatch(event -> event.type().endsWith("_deleted"));
        var state = removal.filter(event -> event.type().endsWith("_deleted")).isPresent() ? "removed" : deleted ? "deleted" : "live";
        var fields = new HashMap<String, Json>();
        var edits = about.stream().filter(effective).filter(event -> event.type().endsWith("_created") || event.type().endsWith("_updated")).toList();
        for (var edit : edits) for (var field : List.of("title", "content", "url")) edit.body().get(field).ifPresent(value -> fields.put(field, value));
        var last = edits.stream().filter(event -> event.type().endsWith("_updated")).reduce((_, later) -> later).orElse(created.get());
        return Optional.of(new Content(created.get(), state, fields, last.envelope().ts().wallMs()));
    }

    private Set<String> ids(String kind) {
        var ids = new TreeSet<String>();
        all.stream().filter(event -> event.type().equals(kind + "_created")).forEach(event -> ids.add(event.body().text(kind + "_id")));
        return ids;
    }

    private long score(String kind, String id) {
        var voters = new TreeMap<String, Long>();
        all.stream().filter(event -> event.type().equals("vote_cast") && event.body().text("target_type").equals(kind) && event.body().text("target_id").equals(id))
            .filter(this::writes).forEach(event -> voters.put(actor(event), event.body().integer("value")));
        return voters.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Where a comment stands, with the ids from the post down; empty when that is not known.
    private Optional<String> path(String id, Map<String, Content> comments) {
        var path = new ArrayList<String>();
        for (String at = id; ; ) {
            var comment = comments.get(at);
            if (comment == null || path.contains(at) || !comment.created().body().text("post_id").equals(comments.get(id).created().body().text("post_id"))) return Optional.empty();
            path.addFirst(at);
            if (!(comment.created().body().get("parent_comment_id").orElse(Json.NULL) instanceof Json.Str(var parent))) return Optional.of(String.join("/", path));
            at = parent;
        }
    }

    /// What has to be shown, as lines that [#shown] reads from the tables.
    List<String> lines() {
        var comments = new TreeMap<String, Content>();
        for (var id : ids("comment")) content("comment", id).ifPresent(content -> comments.put(id, content));
        var lines = new TreeSet<String>();
        for (var id : ids("post")) content("post", id).ifPresent(post -> {
            long count = comments.entrySet().stream().filter(comment -> comment.getValue().created().body().text("post_id").equals(id) && comment.getValue().state().equals("live")
                && path(comment.getKey(), comments).isPresent()).count();
            boolean live = post.state().equals("live");
            lines.add("post " + id + " " + post.state() + " " + (live ? text(post.fields().get("title")) : "") + " " + (live ? text(post.fields().get("content")) : "null") + " "
                + score("post", id) + " " + count + " " + post.updatedMs());
        });
        comments.forEach((id, comment) -> lines.add("comment " + id + " " + comment.state() + " " + (comment.state().equals("live") ? text(comment.fields().get("content")) : "") + " "
            + path(id, comments).orElse("null") + " " + score("comment", id)));
        var agents = new TreeSet<String>();
        all.stream().filter(event -> event.type().equals("membership_changed") || event.type().equals("moderator_changed")).forEach(event -> agents.add(who(event.body(), "agent")));
        for (var agent : agents) {
            boolean banned = is("membership_changed", agent, null, "ban");
            boolean moderator = is("moderator_changed", agent, null, "add");
            if (banned || moderator) lines.add("member " + agent + " banned " + banned + " moderator " + moderator);
        }
        var keys = new TreeSet<String>();
        all.stream().filter(event -> event.type().equals("hive_setting_changed")).forEach(event -> keys.add(event.body().text("key")));
        for (var key : keys) owned(all.stream().filter(event -> event.type().equals("hive_setting_changed") && event.body().text("key").equals(key)).toList(),
            event -> counts(event) && moderates(event), false).ifPresent(event -> lines.add("setting " + key + " " + text(event.body().get("value").orElseThrow())));
        return List.copyOf(lines);
    }

    private static String text(Json value) {
        return value instanceof Json.Str(var text) ? text : "null";
    }

    /// The same lines from a node's tables.
    static List<String> shown(TestHive hive) {
        var states = List.of("live", "deleted", "removed");
        var lines = new TreeSet<String>();
        var rows = hive.rows();
        for (var row : rows.get("post")) {
            var p = row.split("\\|", -1);
            lines.add("post " + p[0] + " " + states.get(Integer.parseInt(p[6])) + " " + p[3] + " " + p[4] + " " + p[13] + " " + p[14] + " " + p[9]);
        }
        for (var row : rows.get("comment")) {
            var c = row.split("\\|", -1);
            lines.add("comment " + c[0] + " " + states.get(Integer.parseInt(c[6])) + " " + c[5] + " " + c[9] + " " + c[16]);
        }
        for (var row : rows.get("member")) {
            var m = row.split("\\|", -1);
            if (m[3].equals("1") || m[4].equals("1")) lines.add("member " + m[0].toLowerCase(java.util.Locale.ROOT) + "/" + m[1] + " banned " + m[3].equals("1") + " moderator " + m[4].equals("1"));
        }
        for (var row : rows.get("setting")) lines.add("setting " + Stream.of(row.split("\\|", -1)).limit(2).map(part -> part.replace("\"", "")).reduce((a, b) -> a + " " + b).orElseThrow());
        return List.copyOf(lines);
    }
}
