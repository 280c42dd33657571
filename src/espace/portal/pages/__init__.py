"""The holder's pages: they open the record once, put what it answers in words, and render after the block."""
