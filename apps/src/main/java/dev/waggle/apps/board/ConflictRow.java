package dev.waggle.apps.board;

import dev.waggle.core.event.Json;

/// A value that was passed over: another one is shown, whose author did not know this one.
public record ConflictRow(String task, Field field, Stamp stamp, Json value) {}
