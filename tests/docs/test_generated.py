"""The parts of the documents that are made from the code are those that the code makes now."""

from collections import Counter
from pathlib import Path

import pytest

from docs import deciding, generate

HOW = "out of date: PYTHONPATH=src .venv/bin/python tests/docs/generate.py writes it again"


@pytest.mark.parametrize("path", generate.pages(), ids=lambda path: path.stem)
def test_a_made_part_is_what_the_code_makes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert generate.renewed(text) == text, HOW


def test_every_part_that_can_be_made_stands_in_one_page() -> None:
    placed = Counter(name for path in generate.pages() for name in generate.blocks_in(path.read_text(encoding="utf-8")))
    assert placed == Counter(dict.fromkeys(generate.BLOCKS, 1))


def test_the_state_diagram_has_one_arrow_for_each_step_of_the_table() -> None:
    assert "    opened --> activated: activate" in generate.state_diagram().splitlines()


def test_the_access_table_says_who_may_deposit_and_who_may_read() -> None:
    lines = deciding.access_table().splitlines()
    assert "| feed | organisation | deposit | opened, activated, suspended | yes | `feed_authorised` |" in lines
    assert (
        "| holder | holder, other record; organisation; professional; app; system | any | any | no | `not_the_holder` |"
        in lines
    )


def test_a_table_keeps_empty_cells() -> None:
    assert generate.table(("a", "b"), [("1", "")]) == "| a | b |\n| --- | --- |\n| 1 | |"
