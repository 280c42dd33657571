"""How many patients may be opened, and what looks like somebody walking through the country (C39, N13).

The sources give no figures but one: a stolen account must be stopped before 200 patients.
"""

from collections.abc import Mapping

from espace.access.facts import AlertKind, Budget, Budgets, Lately, Spent, Whose

MINUTES = 5
"""Within which a burst is counted."""
MOST_IN_A_ROW = 12
"""Distinct patients of one account in an hour whose numbers begin alike: same sex, month and place of birth. Newborns
of one maternity do too, so this raises an alert and stops nobody."""
ROW_DIGITS = 10
"""Of an INS: sex, year, month and place of birth; three digits follow, which number the births."""


def budget_of(profession: str, budgets: Budgets, otherwise: Budget) -> Budget:
    """What an account of this profession may open."""
    return budgets.professions.get(profession, otherwise)


def account_has_room(spent: Spent, budget: Budget) -> bool:
    """Whether the account may open one more patient; the one of today costs the day nothing."""
    return spent.hour < budget.hour and (spent.today or spent.day < budget.day)


def no_room(spent: Spent, budget: Budget, budgets: Budgets) -> Whose | None:
    """Whose budget has no room for this patient, the narrowest first."""
    if not account_has_room(spent, budget):
        return Whose.ACCOUNT
    if not _below(spent.organisation, budgets.organisation):
        return Whose.ORGANISATION
    return None if _below(spent.country, budgets.country) else Whose.COUNTRY


def signs(spent: Spent, budget: Budget) -> tuple[AlertKind, ...]:
    """What an opening that is let through shows of its account, this one counted."""
    found = []
    if spent.in_a_row + 1 >= MOST_IN_A_ROW:
        found.append(AlertKind.IN_A_ROW)
    if 2 * (spent.minutes + 1) >= max(budget.hour, 2 * MOST_IN_A_ROW):
        found.append(AlertKind.BURST)
    return tuple(found)


def unexplained(lately: Lately, budget: Budget) -> bool:
    """Whether an account let itself in to so many people, within a day, that it is looked at: half of those whom it may
    open. This finds whoever takes their time, and no numbers in order."""
    return 2 * lately.own_word >= budget.day


def stem_of_number(number: str) -> str:
    """What the numbers of one row have in common; "" where no number was stated."""
    return number[:ROW_DIGITS] if len(number) > ROW_DIGITS else ""


def read_professions(text: str) -> Mapping[str, Budget]:
    """`21=90/500,60=90/450`: by profession, an hour's and a day's. Raises ValueError with a sentence."""
    found: dict[str, Budget] = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        profession, _, figures = one.partition("=")
        hour, _, day = figures.partition("/")
        if not (profession.isascii() and profession.isdigit() and len(profession) == 2 and _is(hour) and _is(day)):
            raise ValueError(f"{one[:40]!r} is not PROFESSION=HOUR/DAY, as in 21=90/500")
        found[profession] = Budget(int(hour), int(day))
    return found


def _is(figure: str) -> bool:
    return figure.isascii() and figure.isdigit() and len(figure) <= 6 and int(figure) > 0


def _below(spent: Budget, most: Budget) -> bool:
    return spent.hour < most.hour and spent.day < most.day
