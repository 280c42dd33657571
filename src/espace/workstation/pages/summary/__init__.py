"""The medical summary that a doctor writes: proposed out of what is known, corrected, read as it will be, deposited."""
