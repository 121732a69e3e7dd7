-- What was given on whose authority, and taken back: sums over a day, a week or a month.

-- Rebuildable. In the order of the entries, which is that of the keys.
CREATE TABLE booking (
    key         INTEGER PRIMARY KEY,
    stream      INTEGER NOT NULL REFERENCES stream (key),
    revision    INTEGER NOT NULL,
    -- Its place in the entry, from 0: an entry may book several amounts.
    place       INTEGER NOT NULL,
    workflow_id TEXT    NOT NULL,
    limit_name  TEXT    NOT NULL,
    person      BLOB    NOT NULL,
    currency    TEXT    NOT NULL,
    -- When the amount was given. What takes it back has the same time, so that the sum of a
    -- period that is over does not hold it either.
    booked_at   INTEGER NOT NULL,
    -- Minor units of the currency; less than 0 where the amount was taken back.
    minor       INTEGER NOT NULL,
    -- Serves: the bookings of one case.
    UNIQUE (stream, revision, place)
) STRICT;

-- Serves: what a person has given under a limit since a time. Written only when money is given.
CREATE INDEX booking_given
    ON booking (person, workflow_id, limit_name, currency, booked_at, minor);
