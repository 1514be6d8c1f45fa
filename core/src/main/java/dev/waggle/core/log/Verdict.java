package dev.waggle.core.log;

/// What an admitted event is worth. A pure function of the space's events: the same on every node, in every order of arrival.
public enum Verdict {
    /// It has effect.
    COUNTS,
    /// Kept and forwarded, without effect: it lies beyond a rebase or a cut.
    VOID
}
