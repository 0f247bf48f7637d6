-- Who sent the mail that came back, while nobody has dealt with that; empty where it is not known. NULL where nothing came back.
ALTER TABLE conversation ADD COLUMN bounced TEXT;
CREATE INDEX conversation_bounced ON conversation (last_at, id) WHERE bounced IS NOT NULL;

-- Copies of drafts in the Drafts folder of the server: all that may stand there, from before the first byte until it is removed.
CREATE TABLE draft_copy (
    id         INTEGER PRIMARY KEY,
    draft      INTEGER NOT NULL,
    -- The draft's saved_at: which version it is a copy of.
    version    INTEGER NOT NULL,
    account    TEXT NOT NULL,
    folder     TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- Where it stands; NULL while the server has not said so.
    validity   INTEGER,
    uid        INTEGER,
    -- 1 once it is to go: it is no copy any more, whatever becomes of the draft.
    doomed     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX draft_copy_draft ON draft_copy (draft);
