"""Telling people that something happened; never health content."""
