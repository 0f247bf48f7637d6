-- Mails that failed twice at the same place and are left out until they are tried again; with UID 0 a whole folder.
CREATE TABLE set_aside (
    folder   INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    -- UIDVALIDITY of the UID; 0 where it is a folder.
    validity INTEGER NOT NULL,
    -- A code; the server's own words stand in words.
    reason   TEXT NOT NULL,
    words    TEXT NOT NULL DEFAULT '',
    -- 1 where its own headers stand in the lists; 0 where only a message that says so does, or nothing.
    shown    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    -- 1 once somebody was told.
    told     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
