-- When something of a case is next to be noticed though nobody calls.

-- Rebuildable, as all of the row: the case's next mark in microseconds since 1970; null where
-- nothing of it runs. No case of an older store has one: nothing ran before this file.
ALTER TABLE head ADD COLUMN due_at INTEGER;

-- Serves: what is due, and when the next is, both without a look at what is not. Written when the
-- next mark of a case changes: the writer leaves the column out of an update that does not change
-- it. The key of the stream stands in it after `due_at`, as in every index.
CREATE INDEX head_due ON head (due_at) WHERE due_at IS NOT NULL;
