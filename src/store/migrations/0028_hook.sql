-- How far events for hooks were gathered: of the records, and of the messages. No row while no hook is configured.
CREATE TABLE hook_cursor (
    source TEXT PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events for which a hook is to be run, is being run, or failed.
CREATE TABLE hook_event (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    hook       TEXT NOT NULL,
    event      TEXT NOT NULL,
    -- The record that it is of; NULL where it is of a mail.
    record     INTEGER,
    -- The mail, or the record's target.
    message_id TEXT NOT NULL,
    at         INTEGER NOT NULL,
    -- 0 waits, 1 waits for its claim, 2 is being run, 3 failed.
    state      INTEGER NOT NULL DEFAULT 0,
    -- The record that claims it for this client.
    claim      TEXT,
    -- Why it failed, as JSON.
    reason     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX hook_event_state ON hook_event (state, n);

CREATE INDEX record_claim ON record (json_extract(op, '$.key')) WHERE kind = 'claim';
