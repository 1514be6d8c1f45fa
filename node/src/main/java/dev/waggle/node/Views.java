package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.node.type.SpaceContext;
import dev.waggle.node.type.SpaceTypes;

/// Ties views to spaces: which kind a space is, is said by its genesis, which may come long after the log was opened.
final class Views {
    private static final int RANDOM_BYTES = 16;
    private final Node node;

    Views(Node node) {
        this.node = node;
    }

    /// Opens the view of a space as soon as its kind is known. Spaces of tables have none: files follow them.
    void follow(SpaceRuntime space) {
        if (space.type().isPresent()) {
            open(space);
            return;
        }
        var waiting = new Waiting(space);
        waiting.subscription = space.log().onAppend(waiting);
        waiting.run();                                                // the genesis may have come in between
    }

    private void open(SpaceRuntime space) {
        var name = space.type().orElseThrow();
        if (name.equals(Node.TABLE_SPACE)) return;
        var type = SpaceTypes.find(name);
        if (type.isEmpty()) {
            space.trouble("This Waggle does not know spaces of the type \"" + name + "\"; it keeps and forwards their events.");
            return;
        }
        try {
            space.show(() -> type.get().open(new SpaceContext(space.name(), space.log(), node.folder(space.id()).resolve("view-" + name + ".sqlite"), node.id(),
                Hex.of(node.identity().random(RANDOM_BYTES)))));
        } catch (RuntimeException e) {
            space.trouble("The view of \"" + space.name() + "\" cannot be opened: " + e.getMessage() + ".");
        }
    }

    /// Told on the thread that commits, which must not wait for a view.
    private final class Waiting implements Runnable {
        private final SpaceRuntime space;
        private AutoCloseable subscription;
        private boolean done;

        Waiting(SpaceRuntime space) {
            this.space = space;
        }

        @Override public synchronized void run() {
            if (done || subscription == null || space.log().state().lastOffset() == 0) return;
            done = true;
            Thread.ofVirtual().name("open-view").start(() -> {
                try {
                    subscription.close();
                } catch (Exception e) {
                    System.getLogger("waggle.space").log(System.Logger.Level.WARNING, "a subscription could not be closed", e);
                }
                open(space);
            });
        }
    }
}
