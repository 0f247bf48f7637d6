-- Why a mail of the outbox stands as it does: the code of a sentence and, as JSON, what the sentence names. What was kept in words stays
-- in them; where the words decided something, the code does.
ALTER TABLE outgoing ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE outgoing ADD COLUMN args TEXT NOT NULL DEFAULT '{}';
UPDATE outgoing SET
    code = CASE
        WHEN reason LIKE 'bounced: %' THEN 'outgoing-bounced'
        WHEN reason LIKE 'delayed, the server goes on trying: %' THEN 'outgoing-delayed'
        WHEN reason LIKE 'not delivered to %' THEN 'outgoing-refused'
        ELSE 'said'
    END,
    args = CASE
        WHEN reason LIKE 'bounced: %' THEN json_object('who', substr(reason, 10))
        WHEN reason LIKE 'delayed, the server goes on trying: %' THEN json_object('who', substr(reason, 37))
        WHEN reason LIKE 'not delivered to %' THEN json_object('who', substr(reason, 18))
        ELSE json_object('text', reason)
    END
WHERE reason <> '';
ALTER TABLE outgoing DROP COLUMN reason;
