"""The tokens are those of the sheet, the dark theme changes colours and nothing else, and every pair is readable."""

import re
from pathlib import Path

import pytest

from espace.looks.sheet import LEAST_CONTRAST, SHEET, Pair, contrast, pairs, swatches, themed, tokens

ROOT = Path(__file__).parents[2] / "src" / "espace"
DARK_BLOCK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(?P<inside>[^}]*)\}\s*\}")
BY_ATTRIBUTE = {"cda"}
"""Beginnings of classes that are written by programs: by the renderer of documents."""


def test_tokens_are_those_of_the_sheet_in_its_order() -> None:
    found = tokens()
    assert [(one.name, one.light, one.dark) for one in found[:2]] == [
        ("paper", "#faf6ef", "#131a19"),
        ("sheet", "#fffdfa", "#1b2423"),
    ]
    known = {one.name: one for one in found}
    assert known["s4"].light == known["s4"].dark == "1rem"
    assert not known["s4"].is_colour and known["clay"].is_colour


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("#000000", "#ffffff", 21.0), ("#fff", "#fff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("pair", pairs(), ids=lambda one: f"{one.text} on {one.ground}")
def test_what_is_written_can_be_read_in_both_themes(pair: Pair) -> None:
    assert min(pair.light, pair.dark) >= LEAST_CONTRAST


def test_a_theme_changes_colours_and_nothing_else() -> None:
    """Pages are judged whole in one theme, and by the rules on colours in the other (tests/browser/seen.py)."""
    blocks = list(DARK_BLOCK.finditer(SHEET.read_text(encoding="utf-8")))
    assert len(blocks) == 1
    left = re.sub(r"--[\w-]+:[^;]*;", "", blocks[0]["inside"]).strip()
    assert left == ""
    own = (ROOT / "workstation" / "static" / "workstation" / "workstation.css").read_text(encoding="utf-8")
    assert "prefers-color-scheme" not in own
    assert SHEET.read_text(encoding="utf-8").count("prefers-color-scheme") == 1


def test_a_kept_theme_has_every_token() -> None:
    for theme in ("light", "dark"):
        text = themed(theme)
        assert f"color-scheme: {theme};" in text
        assert text.count("--") == len(tokens())
    assert ".dark-paper { background: #131a19; }" in swatches()
    assert ".wide-s4 { width: var(--s4); }" in swatches()


def test_every_class_of_the_sheets_is_used_by_a_page() -> None:
    """What is not used is not kept: one component for a need, none without."""
    pages = [*ROOT.rglob("*.html"), *ROOT.rglob("*.svg"), *ROOT.rglob("*.py"), *ROOT.rglob("*.js")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    words = set(re.findall(r"[\w-]+", written))
    for sheet in ROOT.rglob("static/**/*.css"):
        bare = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet.read_text(encoding="utf-8"), flags=re.S)
        classes = set(re.findall(r"\.([a-z][\w-]*)", bare))
        unused = {one for one in classes - words if one.partition("-")[0] not in BY_ATTRIBUTE}
        assert unused <= {"note-clay"}, sheet
