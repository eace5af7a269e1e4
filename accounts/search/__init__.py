"""Full text over channels and broadcasts: one class, on SQLite's FTS5 and PostgreSQL's tsvector."""
