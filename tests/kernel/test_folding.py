"""Words are compared as people do: accents, capitals and spaces do not count."""

import pytest

from espace.kernel.folding import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("GLYCÉMIE À JEUN, Œdème d’été", "glycemie a jeun, oedeme d'ete"),
        ("  Pénicilline\u00a0 G\n", "penicilline g"),
        ("PENICILLINE  G ", "penicilline g"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding_forgets_accents_capitals_and_spaces(text: str, plain: str) -> None:
    assert folded(text) == plain
