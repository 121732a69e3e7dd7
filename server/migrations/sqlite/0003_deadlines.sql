-- When something of a case is next to be noticed though nobody calls, and which surveys were sent.

-- Rebuildable, as all of the row: the case's next mark in microseconds since 1970; null where
-- nothing of it runs. No case of an older store has one: nothing ran before this file.
ALTER TABLE head ADD COLUMN due_at INTEGER;

-- Serves: what is due, and when the next is, both without a look at what is not. Written when the
-- next mark of a case changes: the writer leaves the column out of an update that does not change
-- it. The key of the stream stands in it after `due_at`, as in every index.
CREATE INDEX head_due ON head (due_at) WHERE due_at IS NOT NULL;

-- Rebuildable: which customer was sent which survey. In the order of the entries, which is that of
-- the keys. A case whose customer is not known has none here.
CREATE TABLE survey (
    key         INTEGER PRIMARY KEY,
    stream      INTEGER NOT NULL REFERENCES stream (key),
    revision    INTEGER NOT NULL,
    workflow_id TEXT    NOT NULL,
    survey      TEXT    NOT NULL,
    customer    BLOB    NOT NULL,
    -- When it was sent: when the firing took effect, however late it was recorded.
    sent_at     INTEGER NOT NULL,
    -- Serves: the surveys of one case.
    UNIQUE (stream, revision, survey)
) STRICT;

-- Serves: how often a customer was sent a survey since a time. Written only when one is sent.
CREATE INDEX survey_sent ON survey (customer, workflow_id, survey, sent_at);
