"""Where editions are kept once imported: drafts, revisions, publications, in SQLite or PostgreSQL."""
