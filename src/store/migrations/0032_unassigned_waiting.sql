-- How many of what nobody has wait for their customers: the view of what is to be taken counts without them. 2 is waiting.
INSERT INTO tally (name, n)
SELECT 'unassigned-waiting', count(*) FROM conversation
WHERE active = 1 AND assignee IS NULL AND status = 2 HAVING count(*) > 0;
