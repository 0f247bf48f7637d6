-- Each account's mailbox holds a log of its own. What was written while one log served all accounts has no account here ('') until the
-- store is told which one held it.

ALTER TABLE record ADD COLUMN account TEXT NOT NULL DEFAULT '';
DROP INDEX record_place;
DROP INDEX record_unplaced;
CREATE INDEX record_place ON record (account, epoch, uid, idx) WHERE epoch IS NOT NULL;
CREATE INDEX record_unplaced ON record (account, local) WHERE epoch IS NULL;

-- Where else a record stands: one that is on the logs of two accounts counts once, at its lowest place.
CREATE TABLE log_copy (
    account  TEXT NOT NULL,
    record   INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    PRIMARY KEY (account, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_copy_record ON log_copy (record);

ALTER TABLE log_stray RENAME TO log_stray_before;
CREATE TABLE log_stray (
    account  TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    json     TEXT NOT NULL,
    PRIMARY KEY (account, epoch, uid, idx)
) STRICT, WITHOUT ROWID;
INSERT INTO log_stray SELECT '', epoch, validity, uid, idx, json FROM log_stray_before;
DROP TABLE log_stray_before;

-- How far each account's log was read: the newest position, and the sync's own words.
CREATE TABLE log_account (
    account TEXT PRIMARY KEY,
    head    TEXT,
    state   TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO log_account
    SELECT '', (SELECT value FROM meta WHERE name = 'log-head'), (SELECT value FROM meta WHERE name = 'log-state')
    WHERE EXISTS (SELECT 1 FROM meta WHERE name IN ('log-head', 'log-state'));
DELETE FROM meta WHERE name IN ('log-head', 'log-state');
