package dev.waggle.apps.hive;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a change is about. All changes about one thing are resolved together.
public sealed interface Ref {
    /// Creation, edits, deletion by the author, and removal by a moderator.
    record Content(Target target) implements Ref {}

    record Vote(Target target, Actor voter) implements Ref {}

    record Setting(String name) implements Ref {}

    /// Bans and their lifting.
    record Ban(Actor agent) implements Ref {}

    record Moderator(Actor agent) implements Ref {}

    /// Joining and leaving, of which every agent speaks for itself.
    record Presence(Actor agent) implements Ref {}

    int KEY_BYTES = 20;

    /// A short name for it, [#KEY_BYTES] bytes as hexadecimal digits: as hard to forge as half a hash.
    default String key() {
        var text = switch (this) {
            case Content(var target) -> "content " + target.kind().wire() + " " + target.id();
            case Vote(var target, var voter) -> "vote " + target.kind().wire() + " " + target.id() + " " + voter.instance().hex() + " " + voter.agent();
            case Setting(var name) -> "setting " + name;
            case Ban(var agent) -> "ban " + agent.instance().hex() + " " + agent.agent();
            case Moderator(var agent) -> "moderator " + agent.instance().hex() + " " + agent.agent();
            case Presence(var agent) -> "presence " + agent.instance().hex() + " " + agent.agent();
        };
        return Hex.of(Arrays.copyOf(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), KEY_BYTES));
    }
}
