package dev.waggle.store.capture;

import dev.waggle.apps.table.RowStory;

/// What a followed file and its view made of an event.
///
/// @param applied the file has what the log says up to this event
/// @param trouble why it has not, for people; empty when nothing is wrong
public record EventExplained(RowStory.Effects effects, boolean applied, String trouble) {}
