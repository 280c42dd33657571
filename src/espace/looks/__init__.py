"""What the pages of several doors share: frame, words, rows, the reading of a document, looks. It knows no audience."""
