-- Which conversations changed, numbered in the order of the commits: a row for each, with its last change. Kept while anybody watches.
CREATE TABLE conversation_change (
    id TEXT PRIMARY KEY,
    n  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_change_n ON conversation_change (n);

-- A query that somebody watches. Who watches the same shares it.
CREATE TABLE watch (
    id      INTEGER PRIMARY KEY,
    -- Stands in its cursors, so that those of another store or of one that was dropped are known.
    name    TEXT NOT NULL UNIQUE,
    actor   TEXT NOT NULL,
    query   TEXT NOT NULL,
    -- 0 where it began with what matched then, for one reader.
    shared  INTEGER NOT NULL,
    -- Changes up to this one are in its events.
    seen    INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

-- What answers it, as far as its events say. mark is a hash of what is shown of it; NULL where it did not change since the beginning.
CREATE TABLE watch_member (
    watch        INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    mark         INTEGER,
    PRIMARY KEY (watch, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_event (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    watch        INTEGER NOT NULL,
    -- 0 begins, 1 enters, 2 changes, 3 leaves.
    kind         INTEGER NOT NULL,
    -- Empty where it begins.
    conversation TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_event_watch ON watch_event (watch, n);

-- How far a command was run over the events of a watch.
CREATE TABLE watch_run (
    watch   INTEGER NOT NULL,
    command TEXT NOT NULL,
    done    INTEGER NOT NULL,
    PRIMARY KEY (watch, command)
) STRICT, WITHOUT ROWID;

-- Events for which it failed again and again.
CREATE TABLE watch_aside (
    watch        INTEGER NOT NULL,
    command      TEXT NOT NULL,
    n            INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    at           INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    -- Why the last try failed, as JSON.
    reason       TEXT NOT NULL,
    PRIMARY KEY (watch, command, n)
) STRICT, WITHOUT ROWID;
