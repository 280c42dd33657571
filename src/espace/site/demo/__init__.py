"""The demonstration: its people, its structures, their stories."""
