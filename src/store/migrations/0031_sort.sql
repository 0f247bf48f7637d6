-- The list by how long the customer has waited, and by when a conversation began. What nobody or one agent has is sorted by
-- conversation_waiting.
CREATE INDEX conversation_waits ON conversation (waiting_since, last_at, id);
CREATE INDEX conversation_waits_status ON conversation (status, waiting_since, last_at, id) WHERE snoozed_until IS NULL;
CREATE INDEX conversation_waits_inbox ON conversation (inbox, waiting_since, last_at, id) WHERE active = 1;
CREATE INDEX conversation_created ON conversation (first_at, last_at, id);
