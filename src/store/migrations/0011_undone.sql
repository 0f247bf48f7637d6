-- Undos of undos can be a hundred thousand in one conversation, and all that they say is which other records count. So they stand apart:
-- what the fold reads of a conversation is its other records, and which of these are taken back.
CREATE TABLE undo_target (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;
INSERT INTO undo_target
    SELECT message_id, record FROM target WHERE record IN (SELECT seq FROM record WHERE undoes IS NOT NULL);
DELETE FROM target WHERE record IN (SELECT seq FROM record WHERE undoes IS NOT NULL);

-- All that decides which records count, without their texts.
CREATE INDEX record_undo ON record (seq, id, batch, undoes, account, epoch, validity, uid, idx, local, lamport)
    WHERE undoes IS NOT NULL;
CREATE INDEX record_undo_waiting ON record (seq) WHERE undoes IS NOT NULL AND epoch IS NULL;

-- Of conversations with many undos: the records that are taken back there, undos themselves left out. A row of record 0 says that this
-- is known. What is not known is found out and put here by whoever folds the conversation.
CREATE TABLE undone (
    conversation INTEGER NOT NULL,
    record       INTEGER NOT NULL,
    -- The last undo that names it; NULL where it counts.
    named_by     INTEGER,
    -- Where it stands among all records, undos among them, where records of several logs meet; then all records are here.
    at           INTEGER,
    PRIMARY KEY (conversation, record)
) STRICT, WITHOUT ROWID;
