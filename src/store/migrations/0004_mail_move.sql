-- Mail that is to stand in another folder on the server, because its conversation was moved here: a row for each place it stands in.
CREATE TABLE mail_move (
    id         INTEGER PRIMARY KEY,
    account    TEXT NOT NULL,
    message    INTEGER NOT NULL,
    -- RFC822.SIZE: with it two mails of one Message-ID are told apart.
    size       INTEGER NOT NULL,
    -- Folder names. Without uid, or where validity is void, the mail is looked for by its Message-ID.
    source     TEXT NOT NULL,
    validity   INTEGER,
    uid        INTEGER,
    target     TEXT NOT NULL,
    -- Where it goes from there: it was moved on while nobody knew how far the first way had got.
    onward     TEXT,
    -- UIDVALIDITY and UIDNEXT of the target just before the first try; NULL before it.
    begun_validity INTEGER,
    begun_next     INTEGER,
    attempts   INTEGER NOT NULL DEFAULT 0,
    due        INTEGER NOT NULL DEFAULT 0,
    reason     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_move_message ON mail_move (message);
CREATE INDEX mail_move_account ON mail_move (account, due);

-- Mail that left a folder and may stand in another one, which is not known before the pass has looked there.
CREATE TABLE adrift (
    message INTEGER PRIMARY KEY,
    account TEXT NOT NULL
) STRICT;
