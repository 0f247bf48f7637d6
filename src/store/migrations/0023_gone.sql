-- Mail that another program took away. 1 where it stands in the archive alone.
ALTER TABLE message ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
-- The folder that it left last, of mail that stands in no folder or in the archive alone; NULL where it was never met elsewhere.
ALTER TABLE message ADD COLUMN gone_from INTEGER;
-- When it left it, by the clock of this client.
ALTER TABLE message ADD COLUMN left_at INTEGER;
-- How many days its text was kept after it was gone, where it was let go; NULL where it was not.
ALTER TABLE message ADD COLUMN let_go INTEGER;
-- What is to be cut to its headers once it has been gone for long.
CREATE INDEX message_gone ON message (gone_at) WHERE gone_at IS NOT NULL AND partial = 0;
-- 1 where all mail of a conversation has left.
ALTER TABLE conversation ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversation_gone ON conversation (last_at, id) WHERE gone = 1;
-- The folder that mail left which is looked for.
ALTER TABLE adrift ADD COLUMN folder INTEGER;
-- Conversations that were closed because their mail left, of which their assignee was not told yet.
CREATE TABLE departed (
    conversation TEXT PRIMARY KEY,
    assignee     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX departed_assignee ON departed (assignee);
