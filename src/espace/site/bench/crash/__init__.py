"""Killing an installation at random and at named points while strangers use it, then proving that nothing was lost."""
