"""Software that may call the machine doors: OAuth clients, their keys and their tokens."""
