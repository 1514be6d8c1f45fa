-- One space's log. Applied once, to an empty file; user_version is then 1.

-- The one row that says what this file is and how far it is.
CREATE TABLE log (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    space       BLOB    NOT NULL,             -- 32 bytes: the id of the genesis that this log accepts
    last_offset INTEGER NOT NULL,             -- of the last entry, event or verdict change
    ids_indexed INTEGER NOT NULL,             -- id_prefixes covers the entries up to this offset
    received    INTEGER NOT NULL,             -- counters since the log was made: see core.log.Counts
    accepted    INTEGER NOT NULL,
    voided      INTEGER NOT NULL,
    duplicate   INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    pushed_back INTEGER NOT NULL,
    digest      BLOB    NOT NULL              -- 8 bytes over last_offset and the counters, so that damage is noticed; empty in a new log
) STRICT;

-- One row for each branch of each chain (origin, epoch): all of them are in memory while the log is open.
CREATE TABLE branches (
    id        INTEGER PRIMARY KEY,
    origin    BLOB    NOT NULL,               -- 32 bytes: the author's key
    epoch     BLOB    NOT NULL,               -- 16 bytes
    number    INTEGER NOT NULL,               -- 0 for the branch admitted first here
    parent    INTEGER NOT NULL,               -- the branch that this one left, -1 for none
    first_seq INTEGER NOT NULL,               -- what lies below is in the parent
    tip_seq   INTEGER NOT NULL,
    tip_id    BLOB    NOT NULL,
    tip_wall  INTEGER NOT NULL,               -- the tip's stamp: milliseconds since 1970 UTC …
    tip_tick  INTEGER NOT NULL,               -- … and the count within one millisecond
    control   BLOB    NOT NULL,               -- ids, 32 bytes each, that an event after the tip may not go behind
    head      INTEGER NOT NULL,               -- 1 when no known event has the tip as a parent
    void_from INTEGER NOT NULL,               -- events with this seq and above are void; 2^63 - 1 when the last ones count
    continues BLOB,                           -- the epoch that the chain's first event continues
    digest    BLOB    NOT NULL,               -- 8 bytes over the other columns but tip_id, which the chain proves
    void_ranges BLOB,                         -- what else is void: first and last seq of each range, 8 bytes each; absent for nothing
    UNIQUE (origin, epoch, number)
) STRICT;

-- Chains of which a rebase voided a part: branches that come later are void whole.
CREATE TABLE cuts (
    origin BLOB NOT NULL,
    epoch  BLOB NOT NULL,
    PRIMARY KEY (origin, epoch)
) STRICT, WITHOUT ROWID;

-- The admitted events in the order of their admission, parents first. Offsets that are missing here are in verdict_changes.
CREATE TABLE entries (
    "offset"  INTEGER PRIMARY KEY,
    branch    INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    id        BLOB    NOT NULL,               -- SHA-256 of the payload
    signature BLOB,                           -- absent when it was not checked: a later event of the branch vouches for this one
    payload   BLOB    NOT NULL                -- the bytes its author wrote; of a condensed event 1 and the number of its segment, 4 bytes
) STRICT;

-- The one index on the append path: it grows at its branches' ends, never at random places.
CREATE UNIQUE INDEX entries_by_place ON entries (branch, seq);

CREATE TABLE verdict_changes (
    "offset" INTEGER PRIMARY KEY,
    branch   INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER NOT NULL,
    void     INTEGER NOT NULL
) STRICT;

-- Control events decide about membership and are read at every start.
CREATE TABLE control_events (
    "offset" INTEGER PRIMARY KEY
) STRICT;

-- Built when somebody looks for an id, never while appending: a random index is the largest cost of an append.
CREATE TABLE id_prefixes (
    prefix   BLOB    NOT NULL,                -- the first 8 bytes
    "offset" INTEGER NOT NULL,
    PRIMARY KEY (prefix, "offset")
) STRICT, WITHOUT ROWID;

-- The waiting room: events that name what is not here yet, or that are stamped in the future.
CREATE TABLE waiting (
    number     INTEGER PRIMARY KEY,
    run        INTEGER NOT NULL,              -- events of one run are admitted together
    id         BLOB    NOT NULL UNIQUE,
    held_until INTEGER NOT NULL,              -- milliseconds since 1970 UTC, 0 when it waits for others
    signature  BLOB,
    payload    BLOB    NOT NULL
) STRICT;

CREATE TABLE chunks (
    number INTEGER PRIMARY KEY,
    id     BLOB    NOT NULL UNIQUE,           -- SHA-256 of the bytes
    bytes  BLOB    NOT NULL
) STRICT;

-- Small named values that become durable with the entries they belong to.
CREATE TABLE marks (
    name   TEXT PRIMARY KEY,
    value  BLOB NOT NULL,
    digest BLOB NOT NULL                      -- the first 8 bytes of SHA-256(name, value): a damaged cursor must not be believed
) STRICT, WITHOUT ROWID;
