package dev.waggle.node.type;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;

import java.nio.file.Path;

/// What a view gets.
///
/// @param name     what this node calls the space, for thread names and messages
/// @param log      to be followed; not to be closed
/// @param viewFile the view's own, `view-TYPE.sqlite`; deleted when the log was made anew, and whenever nothing is open it may be
/// @param self     this node
/// @param random   16 fresh random bytes as hexadecimal digits, to tell this view from one that was made before
public record SpaceContext(String name, EventLog log, Path viewFile, NodeId self, String random) {}
