"""Where noise goes that belongs in nobody's register."""
