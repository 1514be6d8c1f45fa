package dev.waggle.core.log;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Signer;

/// Who writes local events: the node's key and the epoch it may continue.
///
/// @param epoch the epoch this node writes under now; a node that cannot prove that it continues its old one passes a new one
public record Author(Signer signer, Epoch epoch) {}
