-- What a record says on that account's log, where that is something else than what counts; NULL where it is the same.
ALTER TABLE log_copy ADD COLUMN json TEXT;
