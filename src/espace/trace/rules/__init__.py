"""What a line is as bytes, and what the tree of its commitments proves."""
