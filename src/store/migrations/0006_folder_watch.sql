-- How many messages were here when the last pass ended, and below which UID old flags are read again next, where a server has no MODSEQ.
ALTER TABLE folder ADD COLUMN messages INTEGER;
ALTER TABLE folder ADD COLUMN flags_below INTEGER;
