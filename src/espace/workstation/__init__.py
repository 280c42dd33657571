"""The professionals' door: who they are, where they act, and the pages where they work."""
