"""How often an account may state an identity that does not agree, for patients whom it may not read (B17, B23, C39).

An INS tells the month of birth: thirty-one guesses find the day. Somebody honest is wrong now and then (our choice of
figures; the sources give none).
"""

from datetime import timedelta

MOST_WRONG_HOUR = 5
MOST_WRONG_DAY = 10
MOST_AT_ONCE = 10
"""Being compared at the same instant: those could all be guesses."""
COMPARED_WITHIN = timedelta(minutes=1)
"""After which a comparison whose end nobody wrote is taken for one that did not agree."""


def may_guess(*, wrong_hour: int, wrong_day: int, at_once: int) -> bool:
    """Whether one more identity may be compared."""
    return wrong_hour < MOST_WRONG_HOUR and wrong_day < MOST_WRONG_DAY and at_once < MOST_AT_ONCE
