package dev.waggle.store.node;

import dev.waggle.core.event.NodeId;

/// The database's copy of the lineage.
///
/// @param node the node that this data folder belongs to
/// @param text the lineage as it stands in the state folder
public record LineageRow(NodeId node, String text) {}
