-- The words that the search index holds, one behind the other: whether a word stands anywhere is one look. It keeps nothing of its own.
CREATE VIRTUAL TABLE search_word USING fts5vocab (search, instance);
