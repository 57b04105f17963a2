"""SQLite, with the writers of one process in turn; named as ENGINE in the settings."""
