package dev.waggle.core.log;

import dev.waggle.core.event.Json;

/// A change that this node decided on and that the log has yet to number, stamp, sign and append.
///
/// @param type the event type
/// @param body the app's members; the log adds the envelope under "$"
public record Draft(String type, Json.Obj body) {}
