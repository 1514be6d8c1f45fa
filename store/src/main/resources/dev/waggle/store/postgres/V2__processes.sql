-- The processes of this hub that live, and which nodes are connected to which. Not durable on purpose: a crash of the server forgets who is here, and everybody says so again.
CREATE UNLOGGED TABLE processes (
    id        TEXT        PRIMARY KEY,        -- 128 random bits, hexadecimal, new at every start
    until     TIMESTAMPTZ NOT NULL            -- by the server's clock: then it has been silent for too long
);

CREATE UNLOGGED TABLE visits (
    process   TEXT        NOT NULL REFERENCES processes (id) ON DELETE CASCADE,
    node      BYTEA       NOT NULL,
    PRIMARY KEY (process, node)
);
