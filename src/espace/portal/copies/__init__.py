"""What is in the copy of a whole space: files that anybody can open, and the same as data for machines."""
