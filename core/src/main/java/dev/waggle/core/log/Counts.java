package dev.waggle.core.log;

/// Where every event that was ever offered to this log went (I14): received = accepted + voided + duplicate + rejected + pushedBack, and of the
/// waiting and held those that are still in the room. Counted since the log was made, durable.
public record Counts(long received, long accepted, long voided, long duplicate, long waiting, long held, long quarantined, long rejected,
                     long pushedBack, long forks) {}
