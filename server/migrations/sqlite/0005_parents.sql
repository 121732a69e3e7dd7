-- To which systemic issue a case belongs.

-- Rebuildable, as all of the row: the 16 bytes of the id of the case of that issue; null where it
-- belongs to none. No case of an older store has one: nothing could say so before this file.
ALTER TABLE head ADD COLUMN parent BLOB;

-- Serves: the cases that belong to an issue, one after the other. Written when a case is opened with
-- a parent, or takes its root cause: the writer leaves the column out of an update that does not
-- change it. The key of the stream stands in it after `parent`, as in every index, so that the
-- children of one parent, which often come together, lie together.
CREATE INDEX head_parent ON head (parent) WHERE parent IS NOT NULL;
