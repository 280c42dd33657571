"""« Ma santé »: the fourteen sections that the holder states of their own health (E01-E19)."""
