"""Measuring this installation's own code in its real processes, beside what bounds it, in the same run."""
