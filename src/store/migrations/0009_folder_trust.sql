-- The highest UIDNEXT and HIGHESTMODSEQ that the server ever told under this UIDVALIDITY, in passes that broke off too: where it tells
-- less, it was restored from a backup, and its UIDs name other mails.
ALTER TABLE folder ADD COLUMN seen_next INTEGER;
ALTER TABLE folder ADD COLUMN seen_modseq INTEGER;
