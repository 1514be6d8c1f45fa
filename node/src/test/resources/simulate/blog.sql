-- A publishing program: text ids, slugs whose case does not matter, STRICT tables, CHECKs, a partial unique index.
CREATE TABLE author (
    id     TEXT PRIMARY KEY NOT NULL,
    email  TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name   TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'locked', 'invited'))
) STRICT;

CREATE TABLE post (
    id           TEXT PRIMARY KEY NOT NULL,
    author_id    TEXT NOT NULL REFERENCES author (id) ON DELETE RESTRICT,
    slug         TEXT NOT NULL COLLATE NOCASE,
    title        TEXT NOT NULL CHECK (length(title) <= 2000),
    body         TEXT,
    status       TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'scheduled')),
    published_at TEXT,
    featured     INTEGER NOT NULL DEFAULT 0 CHECK (featured IN (0, 1)),
    CHECK (status <> 'published' OR published_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX post_slug ON post (slug) WHERE status = 'published';
CREATE UNIQUE INDEX one_featured ON post (featured) WHERE featured = 1;

CREATE TABLE tag (
    slug TEXT COLLATE NOCASE PRIMARY KEY NOT NULL,
    name TEXT
) WITHOUT ROWID;

CREATE TABLE post_tag (
    post_id TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    tag     TEXT NOT NULL COLLATE NOCASE REFERENCES tag (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    sort    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (post_id, tag)
) WITHOUT ROWID;

CREATE TRIGGER post_touch AFTER UPDATE OF body ON post BEGIN
    UPDATE post SET published_at = published_at WHERE id = NEW.id AND 0; -- a semicolon in a body; ends no statement
END;
