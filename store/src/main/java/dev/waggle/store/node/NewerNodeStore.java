package dev.waggle.store.node;

/// A newer Waggle wrote `node.sqlite`. Nothing was changed.
public final class NewerNodeStore extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NewerNodeStore(int found, int known) {
        super("node.sqlite has schema version " + found + "; this version knows up to " + known);
    }
}
