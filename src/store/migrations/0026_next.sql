-- The newest lease of a worker that a conversation has, whether it counts still or not: the next one names it.
CREATE TABLE conversation_worker (
    conversation INTEGER PRIMARY KEY,
    -- The record that took it.
    lease        TEXT NOT NULL,
    agent        TEXT NOT NULL,
    worker       TEXT NOT NULL,
    until        INTEGER NOT NULL,
    -- Who had the conversation before; NULL for nobody.
    before       TEXT,
    -- 1 while it has been neither dealt with, given back nor given away.
    at_work      INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_worker_until ON conversation_worker (until) WHERE at_work = 1;
CREATE INDEX conversation_worker_agent ON conversation_worker (agent) WHERE at_work = 1;

-- What nobody has, or one team, by how long the customer has waited.
CREATE INDEX conversation_waiting ON conversation (assignee, waiting_since, last_at, id) WHERE active = 1;
