"""Facts of health with their provenance: extracted from documents, or stated by the holder."""
