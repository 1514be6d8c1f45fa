-- Which nodes are connected to which process of this hub. Not durable on purpose (a crash of the server forgets who is here, and everybody says so again).
CREATE UNLOGGED TABLE visits (
    process   TEXT        NOT NULL,           -- 64 random bits, hexadecimal, new at every start
    node      BYTEA       NOT NULL,
    until     TIMESTAMPTZ NOT NULL,           -- by the server's clock: then the process has been silent for too long
    PRIMARY KEY (process, node)
);
