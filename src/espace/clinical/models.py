"""Tables of facts: sealed blocks, one for each version of a document."""
