-- Mail that was imported into an account without a server: it is history whatever a log says of when history ends.
ALTER TABLE message ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
