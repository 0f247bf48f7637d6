-- How far the messages of the conversation are here: those of its newest second, a line each, "milliseconds id". NULL in rows that were
-- written before; they are read from the messages until they are written again.
ALTER TABLE conversation ADD COLUMN as_of TEXT;
