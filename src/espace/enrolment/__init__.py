"""The life of a space: opening, objection, activation, closing."""
