"""The design tokens, read from the style sheet that every page uses: nothing is written twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHEET = Path(__file__).parent / "static" / "looks" / "site.css"
DARK = "@media (prefers-color-scheme: dark)"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: text on its ground."""

PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "well"),
    ("ink", "brand-wash"),
    ("ink", "clay-wash"),
    ("ink", "alert-wash"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("ink-soft", "well"),
    ("brand", "paper"),
    ("brand", "sheet"),
    ("brand", "well"),
    ("brand", "brand-wash"),
    ("brand-deep", "brand-wash"),
    ("brand-ink", "brand"),
    ("brand-ink", "brand-deep"),
    ("clay", "clay-wash"),
    ("alert", "paper"),
    ("alert", "alert-wash"),
    ("hero-ink", "hero"),
    ("hero-soft", "hero"),
)
"""What is written on what."""

_USES = (("wide", "width"), ("tall", "font-size"), ("round", "border-radius"))


@dataclass(frozen=True, slots=True)
class Token:
    """One value of the sheet; `dark` is that of the dark theme, the same where it changes nothing."""

    name: str
    light: str
    dark: str

    @property
    def is_colour(self) -> bool:
        return self.light.startswith("#")


@dataclass(frozen=True, slots=True)
class Pair:
    """Text and ground, with their contrast in both themes."""

    text: str
    ground: str
    light: float
    dark: float


@cache
def tokens() -> tuple[Token, ...]:
    """In the order of the sheet."""
    light, dark = (dict(_declared(block)) for block in _blocks(SHEET.read_text(encoding="utf-8")))
    return tuple(Token(name, value, dark.get(name, value)) for name, value in light.items())


def pairs() -> tuple[Pair, ...]:
    known = {one.name: one for one in tokens()}
    return tuple(
        Pair(
            text,
            ground,
            round(contrast(known[text].light, known[ground].light), 1),
            round(contrast(known[text].dark, known[ground].dark), 1),
        )
        for text, ground in PAIRS
    )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours written « #rrggbb », from 1 to 21 (WCAG 2.2, relative luminance)."""
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def themed(theme: str) -> str:
    """A sheet that keeps one theme, « light » or « dark », whatever the device prefers."""
    values = "".join(f"  --{one.name}: {getattr(one, theme)};\n" for one in tokens())
    return f":root {{\n  color-scheme: {theme};\n{values}}}\n"


def swatches() -> str:
    """What the page of the tokens shows of each: inline styles are closed to it."""
    return "".join(_swatch(one) for one in tokens())


def _swatch(token: Token) -> str:
    kept = (("light", "background", token.light), ("dark", "background", token.dark))
    used = tuple((prefix, what, f"var(--{token.name})") for prefix, what in _USES)
    rules = kept if token.is_colour else used
    return "".join(f".{prefix}-{token.name} {{ {what}: {value}; }}\n" for prefix, what, value in rules)


def _blocks(sheet: str) -> tuple[str, str]:
    """The declarations of `:root`, and those that the dark theme puts in their place."""
    dark = sheet.index(DARK)
    return _root(sheet[:dark]), _root(sheet[dark:])


def _root(text: str) -> str:
    start = text.index(":root {") + len(":root {")
    return text[start : text.index("}", start)]


def _declared(block: str) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block):
        yield name, " ".join(value.split())


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    wide = digits if len(digits) == 6 else "".join(2 * one for one in digits)
    red, green, blue = (_linear(int(wide[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
