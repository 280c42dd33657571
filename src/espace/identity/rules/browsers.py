"""A browser in two words. No version, no model: enough for a holder to know theirs, too little to follow anybody."""

from espace.identity.facts.web_sessions import Browser

MOST_READ = 400

NAMES = (
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser", "samsung"),
    ("Firefox", "firefox"),
    ("FxiOS", "firefox"),
    ("CriOS", "chrome"),
    ("Chrom", "chrome"),
    ("Safari", "safari"),
)
"""What stands in the User-Agent → which browser. The first that is found wins: most say that they are several."""

SYSTEMS = (
    ("Android", "android"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Windows", "windows"),
    ("CrOS", "chromeos"),
    ("Mac OS X", "macos"),
    ("Linux", "linux"),
)


def browser_of(user_agent: str) -> Browser:
    """The browser of a User-Agent header, of which the first 400 characters are read."""
    text = user_agent[:MOST_READ]
    return Browser(_found(text, NAMES), _found(text, SYSTEMS))


def _found(text: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((word for sign, word in table if sign in text), "")
