"""How long each step of a way back lasts (ADR 0019). The wait itself is ESPACE_RECOVERY_HOURS."""

from datetime import timedelta

LINK_LIFE = timedelta(hours=24)
"""From the request to the birth date."""

OPEN_FOR = timedelta(days=7)
"""From the end of the wait to the new password."""

BETWEEN = timedelta(hours=1)
"""Between two links for one account."""

MOST_TRIES = 5
"""Wrong birth dates after which a link is dead."""

MOST_ACCOUNTS = 8
"""Of one address: a family’s."""
