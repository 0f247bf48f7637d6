-- The agents who use this store. What was here before one did is no news to them.
CREATE TABLE reader (
    agent TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Mail of people that came for them and that they have not looked at: a row goes when they do.
CREATE TABLE news_mail (
    message INTEGER NOT NULL,
    agent   TEXT NOT NULL,
    -- The newest record that was here when it came: of what does not say how far its author had read, only later ones tell of a look.
    behind  INTEGER NOT NULL,
    -- 1 where the agent marked it as unread: only later records tell of a look at all.
    by_hand INTEGER NOT NULL,
    PRIMARY KEY (message, agent)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER news_mail_goes AFTER DELETE ON message BEGIN
    DELETE FROM news_mail WHERE message = old.id;
END;

-- Records that would be news to an agent and that they looked at: notes that mention them, what was given to them, what they lost.
CREATE TABLE news_looked (
    agent  TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (agent, record)
) STRICT, WITHOUT ROWID;

-- What of a conversation is news to an agent, made from the above, its mail and its records.
CREATE TABLE conversation_news (
    agent        TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    -- Bits: 1 mail, 2 a note mentions them, 4 mail in what they have or follow, 8 it was given to them, 16 they lost it to another,
    -- 32 a mail of ours came back.
    kinds        INTEGER NOT NULL,
    -- Who did the most pressing of it, and its words; empty where nobody and nothing.
    who          TEXT NOT NULL,
    words        TEXT NOT NULL,
    PRIMARY KEY (agent, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_news_of ON conversation_news (conversation);
CREATE INDEX conversation_news_tray ON conversation_news (agent, conversation) WHERE kinds & 62 <> 0;

-- Conversations whose notes mention an agent who looked at them here, or did something there since.
CREATE TABLE conversation_mention_looked (
    agent        TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (agent, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_mention_looked_of ON conversation_mention_looked (conversation);

-- What an agent is to be told of once, by whichever screen takes it first.
CREATE TABLE telling (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    agent        TEXT NOT NULL,
    -- What it is of, so that nothing is told twice.
    key          TEXT NOT NULL,
    event        TEXT NOT NULL,
    message_id   TEXT NOT NULL,
    who          TEXT NOT NULL,
    at           INTEGER NOT NULL,
    taken        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agent, key)
) STRICT;
CREATE INDEX telling_waits ON telling (agent, n) WHERE taken = 0;
