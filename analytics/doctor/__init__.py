"""The ingest doctor: measures what a publisher sends, and says in plain words what to change."""
