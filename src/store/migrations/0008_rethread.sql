-- Messages that merges and splits of the log named, until what they link is threaded. Records are taken in by portions, what they link
-- is threaded behind them: whoever is interrupted in between goes on from here.
CREATE TABLE rethread (
    message_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
