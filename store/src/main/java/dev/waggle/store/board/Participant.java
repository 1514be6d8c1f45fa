package dev.waggle.store.board;

import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// A node that has a project that is linked to the board, by its own word.
///
/// @param executes it carries tasks out
/// @param sinceMs  when it said so last
/// @param held     tasks that it holds
/// @param waiting  tasks that are not done and wait for it alone, besides
public record Participant(NodeId node, String name, Optional<String> publicUrl, boolean executes, long sinceMs, int held, int waiting) {}
