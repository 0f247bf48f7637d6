-- Who wrote each message and how that is known, and which mail it is. Filled by the job that derives rows again, since the kept bytes say it.
ALTER TABLE message ADD COLUMN authorship INTEGER NOT NULL DEFAULT 0;
-- The key of the author's address.
ALTER TABLE message ADD COLUMN author TEXT NOT NULL DEFAULT '';
-- The hash of the text; NULL while the body is not here.
ALTER TABLE message ADD COLUMN text_hash TEXT;
-- The Message-ID that the mail bears where another mail keeps it: message_id is a derived one then.
ALTER TABLE message ADD COLUMN claimed TEXT;
-- 1 where it is another copy of a mail that is here.
ALTER TABLE message ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;
-- When it left the server.
ALTER TABLE message ADD COLUMN gone_at INTEGER;
CREATE INDEX message_claimed ON message (claimed) WHERE claimed IS NOT NULL;
