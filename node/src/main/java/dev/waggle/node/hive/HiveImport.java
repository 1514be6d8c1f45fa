package dev.waggle.node.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveChange;
import dev.waggle.apps.hive.HiveCodec;
import dev.waggle.apps.hive.HiveLimits;
import dev.waggle.apps.hive.HiveReading;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.JsonLines;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Loads the content of a forum: a file of JSON lines, in any order. What another forum called something decides its id here, so the same file can be
/// loaded twice, and a load that was killed goes on: what is here already is passed over.
///
/// This node signs everything and vouches for it. Authors become agents of this node that have no key, called as they were; times are kept.
public final class HiveImport {
    private static final int DRAFTS_MAX = 200;
    private static final int DRAFT_BYTES_MAX = 512 * 1024;
    private static final String GONE = "[deleted]";

    /// @param known   were here already
    /// @param ignored lines of a kind that is not loaded
    /// @param reasons why lines were refused, the first ones
    public record Report(long posts, long comments, long votes, long settings, long known, long ignored, long refused, List<String> reasons) {
        public Json.Obj json() {
            return Json.object("posts", posts, "comments", comments, "votes", votes, "settings", settings, "known", known, "ignored", ignored, "refused", refused,
                "reasons", Json.array(reasons.stream().map(Json::of).toList()));
        }
    }

    private final Hives hives;
    private final Hive hive;
    private final NodeId node;
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<String> inBatch = new HashSet<>();
    private final JsonLines lines = new JsonLines();
    private long draftBytes;
    private long posts;
    private long comments;
    private long votes;
    private long settings;
    private long known;
    private long ignored;

    public HiveImport(Hives hives, Hive hive) {
        this.hives = hives;
        this.hive = hive;
        this.node = hives.node();
    }

    public Report load(Path file, JsonLines.Progress progress) {
        if (hive.space().role().filter(Role::mayWrite).isEmpty()) throw new Problem(ErrorCode.NOT_ALLOWED, "This node may read the hive and not write to it.", "Ask its owner for a ticket of a writer.");
        lines.read(file, progress, this::take);
        flush();
        return new Report(posts, comments, votes, settings, known, ignored, lines.refused(), lines.reasons());
    }

    private void take(Json.Obj line) {
        switch (line.text("type")) {
            case "post" -> {
                var id = id("post", line.text("id"));
                if (isKnown(Target.post(id))) return;
                add(new HiveChange.Created(Target.post(id), id, Optional.empty(), line.text("title"), text(line, "content"), text(line, "url").filter(url -> !url.isEmpty()), author(line, "author"),
                    created(line)));
                inBatch.add(id);
                posts++;
            }
            case "comment" -> {
                var id = id("comment", line.text("id"));
                if (isKnown(Target.comment(id))) return;
                boolean gone = line.get("deleted").filter(Json.TRUE::equals).isPresent();
                var author = author(line, "author");
                add(new HiveChange.Created(Target.comment(id), id("post", line.text("post_id")), text(line, "parent_id").or(() -> text(line, "parent_comment_id")).map(parent -> id("comment", parent)), "",
                    Optional.of(gone ? GONE : line.text("content")), Optional.empty(), author, created(line)));
                if (gone) add(new HiveChange.Deleted(Target.comment(id), author, Optional.empty()));
                inBatch.add(id);
                comments++;
            }
            case "vote" -> {
                var kind = line.text("target_type");
                var target = kind.equals("post") ? Target.post(id("post", line.text("target_id"))) : Target.comment(id("comment", line.text("target_id")));
                var voter = author(line, "voter").actor();
                int value = Math.toIntExact(line.integer("value"));
                if (hive.queries().ask(rows -> rows.voteValue(target, voter)) == value) {
                    known++;
                    return;
                }
                add(new HiveChange.Voted(target, voter, value));
                votes++;
            }
            case "setting" -> {
                try {
                    hives.importSetting(hive, line.text("key"), line.get("value").orElse(Json.NULL));
                } catch (Problem no) {
                    if (no.code() != ErrorCode.BAD_REQUEST && no.code() != ErrorCode.NOT_ALLOWED) throw no;
                    throw new MalformedPayload(no.getMessage().replaceFirst("\\.$", ""));
                }
                settings++;
            }
            default -> ignored++;
        }
    }

    private boolean isKnown(Target target) {
        boolean here = inBatch.contains(target.id()) || hive.queries().ask((HiveReading rows) -> target.kind() == Target.Kind.POST ? rows.post(target.id()).isPresent() : rows.comment(target.id()).isPresent());
        if (here) known++;
        return here;
    }

    private void add(HiveChange change) {
        var draft = HiveCodec.draft(change, List.of(), node);
        int bytes = dev.waggle.core.event.Canonical.bytes(draft.body()).length;
        if (bytes > Event.PAYLOAD_BYTES_MAX - 4 * 1024) throw new MalformedPayload("it does not fit one event of 64 KiB");
        drafts.add(draft);
        draftBytes += bytes;
        if (drafts.size() >= DRAFTS_MAX || draftBytes >= DRAFT_BYTES_MAX) flush();
    }

    private void flush() {
        hives.write(hive, List.copyOf(drafts));
        drafts.clear();
        inBatch.clear();
        draftBytes = 0;
    }

    /// The id here of what another forum calls `theirs`: the same every time, in this hive, on this node.
    private String id(String kind, String theirs) {
        if (theirs.isEmpty()) throw new MalformedPayload("an id is empty");
        return HiveLimits.prefix(node) + "i" + digest(hive.space().id().hex() + " " + kind + " " + theirs);
    }

    private static String digest(String text) {
        return Hex.of(Sha256.of(text.getBytes(StandardCharsets.UTF_8))).substring(0, 24);
    }

    /// A name, or an object with `name` and perhaps `id` (or `agent_id`, with `instance_id`).
    private Snapshot author(Json.Obj line, String member) {
        var said = line.get(member).orElseThrow(() -> new MalformedPayload("\"" + member + "\" is missing"));
        if (said instanceof Json.Str(var name)) return agent(name, name, Optional.empty());
        var object = said.asObject();
        var id = text(object, "agent_id").or(() -> text(object, "id")).or(() -> text(object, "name")).orElseThrow(() -> new MalformedPayload("\"" + member + "\" has no name"));
        return agent(text(object, "instance_id").map(instance -> instance + " ").orElse("") + id, text(object, "name").orElse(id), text(object, "avatar_url"));
    }

    private Snapshot agent(String theirs, String name, Optional<String> avatarUrl) {
        var shown = name.isBlank() ? theirs : name;
        return new Snapshot(new Actor(node, "i" + digest(theirs)), Optional.of(shown.codePointCount(0, shown.length()) > HiveLimits.NAME_MAX
            ? shown.substring(0, shown.offsetByCodePoints(0, HiveLimits.NAME_MAX)) : shown), avatarUrl);
    }

    private static OptionalLong created(Json.Obj line) {
        var said = line.get("created_at").or(() -> line.get("created_ms")).orElse(Json.NULL);
        return switch (said) {
            case Json.Null _ -> OptionalLong.empty();
            case Json.Str(var text) -> OptionalLong.of(Instant.parse(text).toEpochMilli());
            case Json other -> OptionalLong.of(other.asInteger());
        };
    }

    private static Optional<String> text(Json.Obj line, String name) {
        return line.get(name).filter(value -> !(value instanceof Json.Null)).map(Json::asText);
    }
}
