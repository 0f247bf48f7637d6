-- Flags that the server is to be told: of mail that was opened, dealt with or answered here.
CREATE TABLE mail_flag (
    message  INTEGER NOT NULL,
    -- 0 \Seen, 1 \Answered.
    flag     INTEGER NOT NULL,
    -- When it was wanted.
    at       INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Not before this time, after a refusal.
    due      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message, flag)
) STRICT, WITHOUT ROWID;
