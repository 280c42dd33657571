"""The code by which a holder lets a digital adviser in: said aloud, or copied from a screen (O05)."""

LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""None that is taken for another, by eye: no 0 O, 1 I L, 2 Z, 5 S, 8 B."""
LENGTH, GROUP = 8, 4


def spelled(number: int) -> str:
    """The code that a number makes: eight of LETTERS, each number under 25 to the power of 8 another one."""
    code = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        code = LETTERS[rest] + code
    return code


def shown(code: str) -> str:
    """In two groups, as it is read aloud."""
    return f"{code[:GROUP]} {code[GROUP:]}"


def typed(said: str) -> str:
    """What somebody typed, as the code that it may be: spaces, hyphens and small letters do not count. "" for what no
    code can be."""
    kept = "".join(one for one in said if not one.isspace() and one not in "-\u2010\u2011\u2013").upper()
    return kept if len(kept) == LENGTH and set(kept) <= set(LETTERS) else ""
