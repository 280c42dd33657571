"""Stolen accounts that walk through the country: who they are, what they do, what came of it."""
