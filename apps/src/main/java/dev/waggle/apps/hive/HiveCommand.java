package dev.waggle.apps.hive;

import dev.waggle.core.event.Json;

import java.util.Optional;
import java.util.OptionalLong;

/// What a local person, or a program with an agent's key, wants to do. [HiveRules] decides.
public sealed interface HiveCommand {
    /// @param id        a fresh one, see [HiveLimits#prefix]
    /// @param createdMs when it was written elsewhere, for imports
    record Post(String id, String title, Optional<String> content, Optional<String> url, OptionalLong createdMs) implements HiveCommand {}

    record Comment(String id, String post, Optional<String> parent, String content, OptionalLong createdMs) implements HiveCommand {}

    /// What is empty stays.
    record Edit(Target target, Optional<String> title, Optional<String> content, Optional<String> url) implements HiveCommand {}

    record Delete(Target target, Optional<String> reason) implements HiveCommand {}

    record Restore(Target target) implements HiveCommand {}

    /// @param alias who votes where single votes are not to be known; see [HiveLimits#VOTE_PRIVACY]
    record Vote(Target target, int value, Actor alias) implements HiveCommand {}

    record Set(String key, Json value) implements HiveCommand {}

    record Join() implements HiveCommand {}

    record Leave() implements HiveCommand {}

    record Ban(Snapshot agent, boolean banned) implements HiveCommand {}

    record Moderator(Snapshot agent, boolean added) implements HiveCommand {}
}
