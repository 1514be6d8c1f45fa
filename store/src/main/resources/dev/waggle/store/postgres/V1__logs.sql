-- The logs of many spaces in one database: the tables of log-001.sql, whose comments hold here too, keyed by the number that a space has here.

-- What this database is. A restored dump brings the row along, but not the objects that it was about: then it is another incarnation.
CREATE TABLE incarnation (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    node    TEXT    NOT NULL,                 -- whose logs these are: their marks (lineage, cursors) are one node's
    id      TEXT    NOT NULL,                 -- 128 random bits, hexadecimal
    objects TEXT    NOT NULL                  -- what the server calls its cluster, this database and the table of logs
);

CREATE TABLE log (
    space       INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          BYTEA   NOT NULL UNIQUE,      -- the space's id
    version     BIGINT  NOT NULL DEFAULT 0,   -- grows with every commit that wrote: who remembers another one has to load again
    last_offset BIGINT  NOT NULL DEFAULT 0,
    ids_indexed BIGINT  NOT NULL DEFAULT 0,
    received    BIGINT  NOT NULL DEFAULT 0,
    accepted    BIGINT  NOT NULL DEFAULT 0,
    voided      BIGINT  NOT NULL DEFAULT 0,
    duplicate   BIGINT  NOT NULL DEFAULT 0,
    rejected    BIGINT  NOT NULL DEFAULT 0,
    pushed_back BIGINT  NOT NULL DEFAULT 0,
    digest      BYTEA   NOT NULL DEFAULT ''
);

CREATE TABLE branches (
    space       INTEGER  NOT NULL,
    id          INTEGER  NOT NULL,
    origin      BYTEA    NOT NULL,
    epoch       BYTEA    NOT NULL,
    number      INTEGER  NOT NULL,
    parent      INTEGER  NOT NULL,
    first_seq   BIGINT   NOT NULL,
    tip_seq     BIGINT   NOT NULL,
    tip_id      BYTEA    NOT NULL,
    tip_wall    BIGINT   NOT NULL,
    tip_tick    INTEGER  NOT NULL,
    control     BYTEA    NOT NULL,
    head        INTEGER  NOT NULL,
    void_from   BIGINT   NOT NULL,
    continues   BYTEA,
    digest      BYTEA    NOT NULL,
    void_ranges BYTEA,
    PRIMARY KEY (space, id),
    UNIQUE (space, origin, epoch, number)
);

CREATE TABLE cuts (
    space  INTEGER NOT NULL,
    origin BYTEA   NOT NULL,
    epoch  BYTEA   NOT NULL,
    PRIMARY KEY (space, origin, epoch)
);

CREATE TABLE entries (
    space     INTEGER NOT NULL,
    "offset"  BIGINT  NOT NULL,
    branch    INTEGER NOT NULL,
    seq       BIGINT  NOT NULL,
    id        BYTEA   NOT NULL,
    signature BYTEA,
    payload   BYTEA   NOT NULL,
    PRIMARY KEY (space, "offset")
);

CREATE UNIQUE INDEX entries_by_place ON entries (space, branch, seq);

CREATE TABLE verdict_changes (
    space    INTEGER NOT NULL,
    "offset" BIGINT  NOT NULL,
    branch   INTEGER NOT NULL,
    from_seq BIGINT  NOT NULL,
    to_seq   BIGINT  NOT NULL,
    void     INTEGER NOT NULL,
    PRIMARY KEY (space, "offset")
);

CREATE TABLE control_events (
    space    INTEGER NOT NULL,
    "offset" BIGINT  NOT NULL,
    PRIMARY KEY (space, "offset")
);

CREATE TABLE id_prefixes (
    space    INTEGER NOT NULL,
    prefix   BYTEA   NOT NULL,
    "offset" BIGINT  NOT NULL,
    PRIMARY KEY (space, prefix, "offset")
);

CREATE TABLE waiting (
    space      INTEGER NOT NULL,
    number     BIGINT  GENERATED ALWAYS AS IDENTITY,
    run        BIGINT  NOT NULL,
    id         BYTEA   NOT NULL,
    held_until BIGINT  NOT NULL,
    signature  BYTEA,
    payload    BYTEA   NOT NULL,
    PRIMARY KEY (space, id)
);

CREATE TABLE chunks (
    space INTEGER NOT NULL,
    id    BYTEA   NOT NULL,
    bytes BYTEA   NOT NULL,
    PRIMARY KEY (space, id)
);

CREATE TABLE marks (
    space  INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    value  BYTEA   NOT NULL,
    digest BYTEA   NOT NULL,
    PRIMARY KEY (space, name)
);

CREATE TABLE segments (
    space  INTEGER NOT NULL,
    number INTEGER GENERATED ALWAYS AS IDENTITY,
    id     BYTEA   NOT NULL,
    size   INTEGER NOT NULL,
    bytes  BYTEA   NOT NULL,                  -- deflated (RFC 1951)
    PRIMARY KEY (space, number),
    UNIQUE (space, id)
);
ALTER TABLE segments ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
