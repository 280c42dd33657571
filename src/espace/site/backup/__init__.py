"""Back-ups of a whole installation, and their restoration: docs/how-to/back-up-and-restore.md, ADR 0017."""
