"""PostgreSQL, which plans a question once for all its values; named as ENGINE in the settings."""
