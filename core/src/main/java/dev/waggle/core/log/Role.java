package dev.waggle.core.log;

/// What a member may do in a space, highest rank first. `wire` is the one spelling in payloads and APIs.
public enum Role {
    OWNER("owner"), MODERATOR("moderator"), WRITER("writer"), COORDINATOR("coordinator"), READER("reader");

    private final String wire;

    Role(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public boolean mayWrite() {
        return this == OWNER || this == MODERATOR || this == WRITER;
    }

    public boolean mayAddMembers() {
        return this == OWNER || this == MODERATOR;
    }

    /// @throws IllegalArgumentException for an unknown spelling
    public static Role of(String wire) {
        for (var role : values()) if (role.wire.equals(wire)) return role;
        throw new IllegalArgumentException("no role is called that");
    }
}
