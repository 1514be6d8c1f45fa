package dev.waggle.store.board;

import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// A node that has a project that is linked to the board, by its own word.
///
/// @param executes it carries tasks out
/// @param sinceMs  when it said so last
/// @param held     tasks that it holds: what it has to do
public record Participant(NodeId node, String name, Optional<String> publicUrl, boolean executes, long sinceMs, int held) {}
