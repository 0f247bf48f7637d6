-- When a file was put here: one that a draft is about to name is not taken for one that nothing names.
ALTER TABLE outgoing_file ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0;
