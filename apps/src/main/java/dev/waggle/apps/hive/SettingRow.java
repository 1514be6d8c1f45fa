package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;

/// A setting as it is shown, and the event that said so.
public record SettingRow(String key, Json value, Actor changedBy, long changedMs, EventId event) {}
