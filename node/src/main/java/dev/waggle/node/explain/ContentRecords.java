package dev.waggle.node.explain;

import dev.waggle.apps.hive.Change;
import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveReading;
import dev.waggle.apps.hive.Ref;
import dev.waggle.apps.hive.Resolution;
import dev.waggle.apps.hive.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Posts and comments of a hive, as records to be told of.
final class ContentRecords {
    private static final int CHANGES_MAX = 50;
    private static final int TEXT_CHARS_MAX = 200;
    private static final String RULE = "the latest edit by its author or a moderator";

    private ContentRecords() {}

    /// What is shown of one; the same for both kinds.
    private record Row(Optional<String> title, Optional<String> content, Optional<String> url, ContentState state, Optional<String> reason) {}

    /// @return empty when nothing here speaks of it
    static Optional<RecordFacts> of(HiveReading reading, Target target) {
        var changes = reading.changes(new Ref.Content(target).key(), Optional.empty(), CHANGES_MAX + 1);
        if (changes.isEmpty()) return Optional.empty();
        var resolution = new Resolution(reading);
        var content = resolution.content(target);
        var row = switch (target.kind()) {
            case POST -> reading.post(target.id()).map(post -> new Row(Optional.of(post.title()), post.content(), post.url(), post.state(), post.reason()));
            case COMMENT -> reading.comment(target.id()).map(comment -> new Row(Optional.empty(), Optional.of(comment.content()), Optional.empty(), comment.state(), comment.reason()));
        };
        var fields = new ArrayList<RecordFacts.Field>();
        if (row.isPresent() && content.isPresent()) {
            field("title", row.get().title(), content.get().title(), fields);
            field("content", row.get().content(), content.get().content(), fields);
            field("url", row.get().url(), content.get().url(), fields);
        }
        var state = row.isEmpty() ? RecordFacts.State.UNKNOWN : switch (row.get().state()) {
            case LIVE -> RecordFacts.State.SHOWN;
            case DELETED -> RecordFacts.State.DELETED;
            case REMOVED -> RecordFacts.State.REMOVED;
        };
        var told = changes.stream().limit(CHANGES_MAX).map(change -> change(change, resolution, content)).toList();
        return Optional.of(new RecordFacts(target.kind().wire() + " " + target.id(), state, row.flatMap(Row::reason).orElse(""), RULE, fields, told, changes.size(), told.size(), List.of()));
    }

    private static void field(String name, Optional<String> value, Change by, List<RecordFacts.Field> fields) {
        if (value.isEmpty()) return;
        var text = value.get().length() <= TEXT_CHARS_MAX ? value.get() : value.get().substring(0, TEXT_CHARS_MAX) + "…";
        fields.add(new RecordFacts.Field(name, text, Optional.ofNullable(by).map(ContentRecords::made), false, List.of()));
    }

    private static RecordFacts.Made made(Change change) {
        return new RecordFacts.Made(change.stamp().id(), change.stamp().origin(), change.stamp().ts().wallMs());
    }

    private static RecordFacts.Change change(Change change, Resolution resolution, Optional<Resolution.Content> content) {
        var set = new ArrayList<String>();
        if (change.sets(Change.TITLE)) set.add("title");
        if (change.sets(Change.CONTENT)) set.add("content");
        if (change.sets(Change.URL)) set.add("url");
        var did = switch (change.kind()) {
            case CREATED -> "made";
            case UPDATED -> "edited";
            case DELETED -> "deleted";
            case RESTORED -> "restored";
            default -> change.kind().name().toLowerCase(java.util.Locale.ROOT);
        };
        if (!change.counts()) return new RecordFacts.Change(made(change), did, RecordFacts.Fate.VOID, set, "");
        var why = withoutEffect(change, resolution, content);
        if (!why.isEmpty()) return new RecordFacts.Change(made(change), did, RecordFacts.Fate.WITHOUT_EFFECT, set, why);
        boolean shown = content.filter(now -> change.equals(now.title()) || change.equals(now.content()) || change.equals(now.url()) || change.equals(now.created())
            || now.why().filter(change::equals).isPresent()).isPresent();
        return new RecordFacts.Change(made(change), did, shown ? RecordFacts.Fate.SHOWN : RecordFacts.Fate.REPLACED, set, "");
    }

    private static String withoutEffect(Change change, Resolution resolution, Optional<Resolution.Content> content) {
        boolean own = content.filter(now -> now.created().actor().equals(change.actor())).isPresent();
        if ((own || change.kind() == Change.Kind.CREATED || change.kind() == Change.Kind.UPDATED) && resolution.isBanned(change.actor(), Optional.of(change.stamp()))) return "its author was banned when it was written";
        if (change.kind() == Change.Kind.CREATED) return content.filter(now -> !now.created().equals(change)).isPresent() ? "it had been made before" : "";
        return own || resolution.isModerator(change) ? "" : "only its author and moderators may do that";
    }
}
