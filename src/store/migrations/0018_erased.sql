-- Records and messages whose words were erased for good: what comes with such an id is kept without its words, or not at all.
CREATE TABLE erased (
    id     TEXT NOT NULL,
    -- 0 a record, 1 a message.
    kind   INTEGER NOT NULL,
    -- The record that says so.
    record INTEGER NOT NULL,
    PRIMARY KEY (id, kind)
) STRICT, WITHOUT ROWID;

-- Erased mails that may still stand on a server. Only what this client's agent erased; a row dies once the mail stands in no folder.
CREATE TABLE erased_mail (
    account    TEXT NOT NULL,
    message_id TEXT NOT NULL,
    due        INTEGER NOT NULL DEFAULT 0,
    -- Why the last try failed; empty where there was none.
    reason     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, message_id)
) STRICT, WITHOUT ROWID;

-- Accounts in whose log's folder words of erased records may still stand. Only after this client's agent erased something.
CREATE TABLE erased_log (
    account TEXT PRIMARY KEY,
    due     INTEGER NOT NULL DEFAULT 0,
    reason  TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
