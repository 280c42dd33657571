"""Over here and going on there: what is one thing after the other is no contradiction."""

import pytest

from clinical.said import fact
from espace.clinical.facts import Kind, State
from espace.clinical.rules.sequence import in_sequence


@pytest.mark.parametrize(
    ("began", "said", "ended", "over_said", "expected"),
    [
        ("2019-05", "2020-01-01", "2023-06-30", "2024-01-01", True),  # written, then over
        ("2019-05", "2020-01-01", "2020", "2024-01-01", True),  # over within the year of the first
        ("2019-05", "2020-01-01", "", "2024-01-01", False),  # over since nobody knows when
        ("2019-05", "2020-01-01", "2018-02-01", "2024-01-01", True),  # over, then again
        ("2017-05", "2020-01-01", "2018-02-01", "2024-01-01", False),  # said to be over for two years, by one later
        ("2017-05", "2024-01-01", "2018-02-01", "2020-01-01", False),  # said to go on, by one later
        ("2022-05", "2024-01-01", "2018-02-01", "2020-01-01", True),
        ("", "2024-01-01", "", "2020-01-01", False),
        ("2022", "2024-01-01", "2022-03-01", "2023-01-01", False),  # the same year: nobody knows
    ],
)
def test_what_ended_since_or_began_again(began: str, said: str, ended: str, over_said: str, expected: bool) -> None:
    lasting = fact(Kind.PROBLEM, "Asthme", start=began, state=State.ACTIVE)
    over = fact(Kind.PROBLEM, "Asthme", start="2010", end=ended, state=State.OVER)
    assert in_sequence([(lasting, f"{said}T08:00:00+00:00"), (over, f"{over_said}T08:00:00+00:00")]) is expected


def test_each_source_with_each_other_and_what_is_denied_left_aside() -> None:
    lasting = fact(Kind.PROBLEM, "Asthme", start="2019", state=State.ACTIVE)
    over = fact(Kind.PROBLEM, "Asthme", start="2019", end="2023-06-30", state=State.STOPPED)
    denied = fact(Kind.PROBLEM, "Asthme", state=State.OVER, absent=True)
    assert in_sequence([(lasting, "2020-01-01"), (over, "2024-01-01"), (denied, "2019-01-01")])
    assert not in_sequence([(lasting, "2020-01-01"), (lasting, "2025-01-01"), (over, "2024-01-01")])
