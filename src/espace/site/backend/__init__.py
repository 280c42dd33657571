"""Django's PostgreSQL backend, with less between a statement and the server; named as ENGINE in the settings."""
