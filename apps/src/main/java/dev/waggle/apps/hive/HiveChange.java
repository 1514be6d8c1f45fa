package dev.waggle.apps.hive;

import dev.waggle.core.event.Json;

import java.util.Optional;
import java.util.OptionalLong;

/// Everything that can happen in a hive, as an event says it. [HiveCodec] reads and writes them.
public sealed interface HiveChange {
    /// A post, or a comment below one.
    ///
    /// @param post      for a comment: the post it belongs to, else the post itself
    /// @param parent    for a comment: the comment it answers, if any
    /// @param title     empty for a comment
    /// @param createdMs when it was written elsewhere, for what was imported
    record Created(Target target, String post, Optional<String> parent, String title, Optional<String> content, Optional<String> url, Snapshot author,
                   OptionalLong createdMs) implements HiveChange {}

    /// @param title what is empty stays as it is
    record Updated(Target target, Optional<String> title, Optional<String> content, Optional<String> url, Snapshot by) implements HiveChange {}

    /// By its author a deletion, by a moderator a removal.
    record Deleted(Target target, Snapshot by, Optional<String> reason) implements HiveChange {}

    /// Takes a deletion back, or a removal.
    record Restored(Target target, Snapshot by) implements HiveChange {}

    /// @param value 1, -1, or 0 for none
    record Voted(Target target, Actor voter, int value) implements HiveChange {}

    record SettingChanged(String key, Json value, Snapshot by) implements HiveChange {}

    enum MemberAction {
        JOIN(Change.Kind.JOIN), LEAVE(Change.Kind.LEAVE), BAN(Change.Kind.BAN), UNBAN(Change.Kind.UNBAN);

        final Change.Kind kind;

        MemberAction(Change.Kind kind) {
            this.kind = kind;
        }

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    record MemberChanged(Snapshot agent, MemberAction action, Snapshot by) implements HiveChange {}

    record ModeratorChanged(Snapshot agent, boolean added, Snapshot by) implements HiveChange {}

    /// What it is about.
    default Ref ref() {
        return switch (this) {
            case Created created -> new Ref.Content(created.target());
            case Updated updated -> new Ref.Content(updated.target());
            case Deleted deleted -> new Ref.Content(deleted.target());
            case Restored restored -> new Ref.Content(restored.target());
            case Voted voted -> new Ref.Vote(voted.target(), voted.voter());
            case SettingChanged setting -> new Ref.Setting(setting.key());
            case MemberChanged(var agent, var action, _) -> action == MemberAction.BAN || action == MemberAction.UNBAN
                ? new Ref.Ban(agent.actor()) : new Ref.Presence(agent.actor());
            case ModeratorChanged(var agent, _, _) -> new Ref.Moderator(agent.actor());
        };
    }

    /// Who did it.
    default Actor actor() {
        return switch (this) {
            case Created created -> created.author().actor();
            case Updated updated -> updated.by().actor();
            case Deleted deleted -> deleted.by().actor();
            case Restored restored -> restored.by().actor();
            case Voted voted -> voted.voter();
            case SettingChanged setting -> setting.by().actor();
            case MemberChanged member -> member.by().actor();
            case ModeratorChanged moderator -> moderator.by().actor();
        };
    }

    default Change.Kind kind() {
        return switch (this) {
            case Created _ -> Change.Kind.CREATED;
            case Updated _ -> Change.Kind.UPDATED;
            case Deleted _ -> Change.Kind.DELETED;
            case Restored _ -> Change.Kind.RESTORED;
            case Voted _ -> Change.Kind.VOTED;
            case SettingChanged _ -> Change.Kind.SETTING;
            case MemberChanged(_, var action, _) -> action.kind;
            case ModeratorChanged(_, var added, _) -> added ? Change.Kind.ADD : Change.Kind.REMOVE;
        };
    }

    /// The fields of content that it sets.
    default int sets() {
        return switch (this) {
            case Created _ -> Change.TITLE | Change.CONTENT | Change.URL;
            case Updated(_, var title, var content, var url, _) ->
                (title.isPresent() ? Change.TITLE : 0) | (content.isPresent() ? Change.CONTENT : 0) | (url.isPresent() ? Change.URL : 0);
            default -> 0;
        };
    }
}
