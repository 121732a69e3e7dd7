-- Where a root cause is in its life, and when something is to be done about it.

-- Rebuildable, as all of the row. Every cause of an older store was proposed, drawn by nobody and
-- without actions: nothing else could be recorded. Neither column has an index: causes are asked for
-- by people, and a scan in key order in bounded steps answers them.
ALTER TABLE cause ADD COLUMN status TEXT NOT NULL DEFAULT 'proposed';
ALTER TABLE cause ADD COLUMN due_at INTEGER;
