-- A message of each conversation that the rules of a newer program changed, or would have without the records that keep it.
CREATE TABLE upgraded (
    message_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
