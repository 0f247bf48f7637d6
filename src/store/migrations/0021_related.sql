-- Ids that messages of a conversation name and that are not of it: what may have to do with each other. The class is a hash of the customer
-- or the mailing list of the message that names the id: what names the same absent id belongs together where that is the same.
CREATE TABLE related (
    message_id   TEXT NOT NULL,
    class        INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    -- 1 where it is a notice that went to many, which the conversation answers.
    is_notice    INTEGER NOT NULL,
    PRIMARY KEY (message_id, class, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_conversation ON related (conversation);
-- The one person outside that a message is from or goes to; empty for nobody, * for several.
ALTER TABLE message ADD COLUMN outside TEXT NOT NULL DEFAULT '';
-- Of a mail of ours that went to many: whom it names in To and Cc, a line each.
ALTER TABLE message ADD COLUMN notice TEXT;
-- How many conversations answer a notice of this one that went to many.
ALTER TABLE conversation ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
