-- Keys that mails of the log are signed with, so that they can be put back where somebody deletes them.
CREATE TABLE log_key (
    account     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- The key and what it says of itself, as it stands in its mail.
    json        TEXT NOT NULL,
    -- Whether it counts whatever the config says: made here, or found in a mail that was not delivered.
    counts      INTEGER NOT NULL,
    -- Where it stands: the UID of the lowest mail that ever held it, and of one that does; NULL where that is not known.
    validity    INTEGER,
    uid         INTEGER,
    here        INTEGER,
    PRIMARY KEY (account, fingerprint)
) STRICT, WITHOUT ROWID;

-- Mails of the folder that hold records and don't count.
CREATE TABLE log_refused (
    account  TEXT NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    PRIMARY KEY (account, validity, uid)
) STRICT, WITHOUT ROWID;

-- Whether a record was made here: where it stands only in a mail that does not count, it is pushed again instead of dropped.
ALTER TABLE record ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
