-- A till for several branches: every key carries its branch, generated columns, indexes over expressions, optional codes that others refer to.
PRAGMA foreign_keys = ON;
CREATE TABLE branch (
    code TEXT NOT NULL PRIMARY KEY COLLATE RTRIM,
    city TEXT
);
CREATE TABLE customer (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT,
    card  TEXT UNIQUE,
    bonus NUMERIC NOT NULL DEFAULT 0 CHECK (bonus >= 0)
);
CREATE UNIQUE INDEX customer_email ON customer (lower(trim(email)));
CREATE TABLE product (
    branch TEXT NOT NULL COLLATE RTRIM REFERENCES branch (code) ON UPDATE CASCADE,
    sku    TEXT NOT NULL,
    barcode INTEGER,
    price  REAL CHECK (price >= 0),
    stock  INTEGER NOT NULL DEFAULT 0,
    label  TEXT GENERATED ALWAYS AS (sku || '@' || branch) STORED,
    PRIMARY KEY (branch, sku),
    UNIQUE (branch, barcode)
);
CREATE TABLE sale (
    branch   TEXT NOT NULL COLLATE RTRIM REFERENCES branch (code) ON UPDATE CASCADE ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    card     TEXT REFERENCES customer (card) ON UPDATE CASCADE ON DELETE SET NULL,
    at       DATETIME DEFAULT CURRENT_TIMESTAMP,
    receipt  BLOB,
    PRIMARY KEY (branch, number)
);
CREATE TABLE sale_line (
    branch  TEXT NOT NULL COLLATE RTRIM,
    number  INTEGER NOT NULL,
    line    INTEGER NOT NULL,
    sku     TEXT NOT NULL,
    count   INTEGER NOT NULL CHECK (count <> 0),
    PRIMARY KEY (branch, number, line),
    FOREIGN KEY (branch, number) REFERENCES sale (branch, number) ON DELETE CASCADE ON UPDATE CASCADE,
    FOREIGN KEY (branch, sku) REFERENCES product (branch, sku) ON UPDATE CASCADE
);
INSERT INTO branch VALUES ('a;b', 'a row that is not read');
