"""Health topics: documents that the holder reads together, and masks to professionals in one act (C30, D51)."""
