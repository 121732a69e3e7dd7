-- Entries, what lies beside them, and what is derived from them.
--
-- Primary tables are in every backup and cannot be made again. Rebuildable ones can, from the
-- entries. Every table but `stream` and `workflow` names a stream by its integer key, so that an
-- advance writes no index on a random value: those were measured to be what costs.

-- Primary, append-only. The files of this folder that made the tables, in their order.
CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL
) STRICT;

-- Primary, written once. `log`, `id_key` and `principal` of the store.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value ANY  NOT NULL
) STRICT, WITHOUT ROWID;

-- Primary, append-only. A row is written when a stream begins.
CREATE TABLE stream (
    key  INTEGER PRIMARY KEY,
    -- `case/UUID`, `workflow/ID` or `store`. Its index serves every read and write that names a
    -- stream; it is the one index on a random value.
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Primary, append-only. `stream` is not declared as a foreign key: the writer has just read the
-- stream's head, and the check would read one more random page for every entry.
CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- The position of the stream's entry before; 0 for its first.
    before   INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    body     BLOB    NOT NULL
) STRICT;

-- Primary. Values whose commitments lie in the entries; a row goes only when it is erased.
CREATE TABLE sealed (
    stream   INTEGER NOT NULL REFERENCES stream (key),
    revision INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    label    TEXT    NOT NULL,
    salt     BLOB    NOT NULL,
    value    BLOB    NOT NULL,
    -- Serves: the sealed values of a stream or of one of its entries.
    PRIMARY KEY (stream, revision, place)
) STRICT, WITHOUT ROWID;

-- Primary, append-only. Published workflows. The bytes stand last so that lists do not read them.
CREATE TABLE workflow (
    key          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    sha256       BLOB    NOT NULL,
    title        TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    bytes        BLOB    NOT NULL,
    -- Serves: a workflow by id and version or by its highest version, and their list.
    UNIQUE (id, version)
) STRICT;

-- Rebuildable. One row a stream: its head, and of a case what lists ask (otherwise null). One row
-- and so one random page is written for an advance.
CREATE TABLE head (
    stream           INTEGER PRIMARY KEY REFERENCES stream (key),
    revision         INTEGER NOT NULL,
    position         INTEGER NOT NULL,
    hash             BLOB    NOT NULL,
    workflow_id      TEXT,
    workflow_version INTEGER,
    workflow_sha256  BLOB,
    place            TEXT,
    -- `open`, or how the outcome counts. Null for a stream that is no case in a list.
    counts_as        TEXT,
    owes_cause       INTEGER,
    opened_at        INTEGER,
    updated_at       INTEGER
) STRICT;

-- Serves: the list of open cases. Written only when a case is opened, closed or reopened: the
-- writer leaves the column out of an update that does not change it. Other filters (workflow,
-- step, closed) have no index: they are asked by people, an index on them would be written by
-- every advance, and a scan in key order in bounded steps answers them.
CREATE INDEX head_open ON head (stream) WHERE counts_as = 'open';

-- Serves: the list of cases that owe a root cause. Written as rarely.
CREATE INDEX head_owes_cause ON head (stream) WHERE owes_cause = 1;

-- Rebuildable. Recorded root causes in the order of their entries, which is that of their keys.
CREATE TABLE cause (
    key              INTEGER PRIMARY KEY,
    stream           INTEGER NOT NULL REFERENCES stream (key),
    number           INTEGER NOT NULL,
    revision         INTEGER NOT NULL,
    cause_group      TEXT    NOT NULL,
    cause_name       TEXT    NOT NULL,
    workflow_id      TEXT    NOT NULL,
    workflow_version INTEGER NOT NULL,
    workflow_sha256  BLOB    NOT NULL,
    recorded_at      INTEGER NOT NULL,
    -- Serves: the causes of one case. Written once a diagnosis, by integers.
    UNIQUE (stream, number)
) STRICT;

-- Rebuildable, empty but for a moment: a row is written and taken back to learn whether writing
-- works again.
CREATE TABLE probe (
    key    INTEGER PRIMARY KEY,
    filler BLOB NOT NULL
) STRICT;
