-- Which records say that a mail was sent: by them a mail that nobody filed is ours.
CREATE TABLE sending (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    -- The hash of the text that was sent; NULL in records of older programs.
    hash       TEXT,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX sending_record ON sending (record);
INSERT OR IGNORE INTO sending (message_id, record, hash)
    SELECT json_extract(op, '$.message'), seq, json_extract(op, '$.hash') FROM record
    WHERE kind = 'replied' AND json_valid(op) AND json_type(op, '$.message') = 'text';

-- What the headers of this copy say where that is not what the kept header of the mail says, as JSON.
ALTER TABLE location ADD COLUMN copy TEXT;
ALTER TABLE lost_location ADD COLUMN copy TEXT;
-- Of mail that stands in several folders one copy was read: what stands among sent mail too was filed there by its sender, as before.
UPDATE location SET copy = '{}' WHERE folder IN (SELECT id FROM folder WHERE role = 'sent')
    AND EXISTS (SELECT 1 FROM location l WHERE l.message = location.message AND l.folder <> location.folder);
