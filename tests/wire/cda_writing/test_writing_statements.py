"""A clinical statement that is written is read back as it was; its words point at the narrative that says them."""

import pytest

from espace.kernel.values import replace
from espace.wire import cda
from espace.wire.cda_writing import Chapters, Frame, Row, medical_summary
from espace.wire.cda_writing.entries.statements import entry, hl7, words_in
from espace.wire.clinical_statements import read
from espace.wire.clinical_statements.values import (
    Concept,
    Interval,
    Party,
    Period,
    Product,
    Quantity,
    Related,
    Statement,
    Value,
    When,
)
from espace.wire.xds import Coded
from wire.cda_writing.test_writing_documents import at, root_of
from wire.cda_writing.test_writing_documents import read as parsed

SNOMED, LOINC = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.1"
KNEE = Concept("72696002", SNOMED, "genou", qualifiers=(Coded("", "", "gauche"), Coded("7771000", SNOMED, "gauche")))
SEVERE = Statement("observation", "EVN", 0, code=Concept("SEV", "2.16.840.1.113883.5.4", "Sévérité"))
STATEMENTS = (
    Statement(
        "observation", "EVN", 0, templates=frozenset({"1.2.3", "1.2.4"}), negated=True, status="completed",
        code=Concept("282291009", SNOMED, "diagnostic", others=(Coded("X", "1.2.5", "autre"),)), site=KNEE,
        when=When("2024-03", "2024-05-06T10:20:00+02:00"), values=(Value(concept=Concept(words="mal au genou")),),
        related=(Related("SUBJ", replace(SEVERE, values=(Value(words="forte"),)), inverted=True),),
    ),
    Statement(
        "observation", "EVN", 0, code=Concept("8302-2", LOINC, "Taille"), when=When("2024", "2024"),
        values=(Value(interval=Interval(Quantity("1.7", "m"), Quantity("1.8", "m"), high_closed=False)),),
        method=Concept(words="toise"),
    ),
    Statement(
        "substanceAdministration", "EVN", 0, code=Concept("DRUG", "2.16.840.1.113883.5.4", "Médicament"),
        when=When("2024-03-04"), product=Product(Concept("1", "1.2.6", "Aspirine"), name="ASPIRINE"),
        periods=(Period(Quantity("8", "h")), Period(event="HS")), most="4 {tablet}/1 d",
    ),
    Statement("supply", "EVN", 0, parties=(Party("DEV", what=Concept("J01", "1.2.7", "Stimulateur")),)),
)  # fmt: skip


def read_back(frame: Frame, said: Statement) -> Statement:
    content = medical_summary(frame, Chapters(problems=(Row("Ligne", statement=said),)))
    (found,) = [one for section in read(parsed(content)) for one in section.statements]
    return found


def plain(said: Statement) -> Statement:
    """Without what is given to every statement where it stands."""
    inside = tuple(replace(one, statement=plain(one.statement)) for one in said.related)
    return replace(said, order=0, identifiers=(), anchor="", related=inside)


@pytest.mark.parametrize("said", STATEMENTS, ids=lambda said: said.code.display if said.code else said.tag)
def test_a_statement_is_read_back_as_it_was_written(said: Statement, frame: Frame) -> None:
    assert plain(read_back(frame, said)) == said


def test_a_maximum_that_is_no_two_amounts_is_left_out(frame: Frame) -> None:
    assert read_back(frame, replace(STATEMENTS[2], most="beaucoup")).most == ""


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2024", "2024"),
        ("2024-03", "202403"),
        ("2024-03-04", "20240304"),
        ("2024-03-04T10:20:00-05:00", "20240304102000-0500"),
    ],
)
def test_a_moment_is_no_more_precise_than_it_was(moment: str, written: str) -> None:
    assert hl7(moment) == written


def test_words_that_the_narrative_says_are_references_to_it() -> None:
    said = replace(STATEMENTS[0], words="Gonalgie", values=(Value(concept=Concept(words="Gonalgie")),))
    assert words_in(said) == {"Gonalgie", "diagnostic", "Sévérité"}
    node = entry(said, {"Gonalgie": "p1"}, "1.2", "p1")
    assert at(node, ".//h:reference/@value") == ["#p1", "#p1"]
    assert at(node, "./h:id/@root") == at(entry(said, {}, "1.2", "p1"), "./h:id/@root")


def test_a_summary_says_of_each_part_what_was_kept_or_that_nothing_was(frame: Frame) -> None:
    asthma = Statement("observation", "EVN", 0, code=Concept("A", "1.2", "Asthme"), words="Asthme")
    row = Row("Asthme", "sévère", "depuis 2012", asthma)
    content = medical_summary(
        frame, Chapters(problems=(row, replace(row, said="Asthme")), attention=(Row("Vit seule"),))
    )
    document, root = parsed(content), root_of(content)
    text = cda.text_of(document)
    assert "Asthme\tsévère\tdepuis 2012" in text and "Vit seule\t-\t-" in text and "Non renseigné." in text
    marks = at(root, "//h:section/h:text//@ID")
    assert len(marks) == len(set(marks)) == 2
    assert set(marks) == {one.removeprefix("#") for one in at(root, "//h:entry//h:reference/@value")}
    assert at(root, "//h:section/h:code/@code") == [
        "46612-8", "34117-2", "11450-4", "11348-0", "47519-4", "48765-2", "57207-3", "29762-2", "10157-6", "30954-2",
        "18776-5", "10160-0",
    ]  # fmt: skip
