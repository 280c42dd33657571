"""Pages of a list, and the two links at its end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext

T = TypeVar("T")
PER_PAGE = 20
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Pager:
    """Addresses of the pages before and after, "" where there is none, with their words."""

    previous: str = ""
    next: str = ""
    previous_label: str = ""
    next_label: str = ""


def page_number(text: str) -> int:
    """The page that an address asks for; the first one for anything that is not a page."""
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def cut(items: Sequence[T], number: int) -> tuple[Sequence[T], int]:
    """The items of that page, and the number of the last page."""
    last = max(1, -(-len(items) // PER_PAGE))
    number = min(number, last)
    return items[(number - 1) * PER_PAGE : number * PER_PAGE], last


def pager(number: int, last: int, address: Callable[[int], str]) -> Pager:
    """The two links of page `number` of `last`, newest first; `address` gives that of a page."""
    number = min(number, last)
    return Pager(
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
        previous_label=gettext("Plus récents"),
        next_label=gettext("Plus anciens"),
    )
