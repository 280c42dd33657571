"""Tags of the pages of every door."""
