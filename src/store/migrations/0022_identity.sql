-- Which mail is which. The mail that a message belongs with whatever it names: where copy = 1 the one that it is a copy of, else the one
-- that keeps the Message-ID which it bears too, where both have the same author and base subject.
ALTER TABLE message ADD COLUMN beside TEXT;
-- Of mail of ours that stands among sent mail: a hash of its outside recipients, base subject and text.
ALTER TABLE message ADD COLUMN sent_key INTEGER;
-- Of mail whose Message-ID others bear: a hash of From, Date and base subject.
ALTER TABLE message ADD COLUMN likeness INTEGER;
CREATE INDEX message_copy ON message (beside) WHERE copy = 1;
CREATE INDEX message_sent ON message (sent_key) WHERE sent_key IS NOT NULL;
-- 1 where it is a second name of its message: the one that it has whenever another keeps the Message-ID which both bear.
ALTER TABLE member ADD COLUMN second INTEGER NOT NULL DEFAULT 0;
CREATE INDEX member_second ON member (message) WHERE second = 1;
