"""Coded entries: the machine's half of what the narrative says, each pointing back at the words it codes."""
