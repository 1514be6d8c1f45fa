package dev.waggle.node.type;

/// A kind of space: turns the log of a space that was born with this type into something people can look at. Needs a constructor without parameters.
///
/// A node that does not know a space's type keeps and forwards its events all the same. The type `table` is built in, because a tracked file also writes.
public interface SpaceType {
    /// What the genesis says: `[a-z][a-z0-9_]*`.
    String name();

    /// Opens the view of a space, wherever it was left, and follows the log from there until it is closed. Returns at once.
    SpaceView open(SpaceContext space);
}
