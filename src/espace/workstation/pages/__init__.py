"""The professionals' pages."""
