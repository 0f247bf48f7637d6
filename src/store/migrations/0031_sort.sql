-- The list by how long the customer has waited, and by when a conversation began. What nobody or one agent has is sorted by
-- conversation_waiting, and where nobody waits a list is sorted by its activity.
CREATE INDEX conversation_waits ON conversation (waiting_since, last_at, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_created ON conversation (first_at, last_at, id);
