package dev.waggle.store.board;

import dev.waggle.apps.board.Claim;
import dev.waggle.apps.board.Effect;

import java.util.Optional;

/// A claim on a task and what came of it.
///
/// @param stands     it is in the chain of claims that count
/// @param leaseEndMs when its lease ended or ends
/// @param progress   the last that counts
/// @param end        by which its holder ended it
public record ShownClaim(Claim claim, boolean stands, long leaseEndMs, Optional<Effect> progress, Optional<Effect> end) {}
