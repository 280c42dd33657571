"""The national requests that are written in no international form (TD0.3, TD0.4, TD0.9): elements ⇄ values; pure."""
