package dev.waggle.apps.hive;

/// How a post or comment is shown. What is not live keeps its place and its id, and loses its text.
public enum ContentState {
    LIVE("live"), DELETED("deleted"), REMOVED("removed");

    private final String wire;

    ContentState(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
