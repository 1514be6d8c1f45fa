package dev.waggle.store.capture;

/// What `join` does with rows that are in the file and in the space under one key with different content.
public enum Adopt {
    /// Nothing is joined when there is such a row: the plan lists them and a person decides.
    ASK,
    /// The file's row is written to the space as an edit.
    MINE,
    /// The file's row is overwritten by the space's.
    THEIRS
}
