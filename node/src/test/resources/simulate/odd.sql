-- What is rare and legal: keys without a type, set default, a row that refers to itself, blobs as keys, names that need quotes, NULL in unique columns.
CREATE TABLE "key value" ("the key" PRIMARY KEY NOT NULL, value DEFAULT 7, "group" INTEGER DEFAULT 1 REFERENCES "order"(id) ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
CREATE TABLE "order" (id INT NOT NULL PRIMARY KEY, a REAL, b NUMERIC, c BLOB, UNIQUE (a, b), UNIQUE (c)) WITHOUT ROWID;
CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    up INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE ON UPDATE CASCADE,
    twin INTEGER UNIQUE REFERENCES node (id) ON DELETE SET NULL ON UPDATE SET NULL
);
CREATE TABLE leaf (node INTEGER REFERENCES node (id) ON DELETE CASCADE, "key" REFERENCES "key value" ("the key") ON UPDATE CASCADE, n INTEGER, PRIMARY KEY (node, "key"));
