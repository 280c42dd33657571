"""Medicines of a patient: all that is said of each, and their reconciliation."""
