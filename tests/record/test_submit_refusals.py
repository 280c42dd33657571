"""What is not filed, one wrong fact at a time: a line in the log, and nothing else."""

import pytest

from cast import AT, document, entry, holder, opposed, organisation, put_state, submission
from espace.enrolment.facts import State
from espace.kernel.values import replace
from espace.kernel.words import Refused, Visibility
from espace.record.rules import problems
from espace.wire.cda import CdaDocument
from espace.wire.xds import Coded
from record.filing import HELD, deposit, lines, refused, rows

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hash": "AAAA"}, "hash_mismatch"),
        ({"size": 1}, "size_mismatch"),
        ({"mime_type": "application/pdf"}, "content_type_mismatch"),
        ({"mime_type": "application/zip"}, "content_type_unsupported"),
        ({"type": Coded("99999-9")}, "code_unknown"),
        ({"class_": Coded("42")}, "class_mismatch"),
        ({"facility_type": Coded("SA99")}, "code_unknown"),
        ({"practice_setting": Coded("NOWHERE")}, "code_unknown"),
        ({"confidentiality": "X"}, "code_unknown"),
        ({"custodian_id": "1.2.250.1.999.9.9"}, "source_not_yours"),
        ({"visibility": frozenset({Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT})}, "visibility_refused"),
        ({"visibility": frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})}, "visibility_refused"),
    ],
)
def test_what_is_refused_leaves_one_line_and_nothing_else(change: dict[str, object], code: str) -> None:
    camille, hospital = holder(), organisation()
    wrong = document(replace(entry(), **change))  # type: ignore[arg-type]
    assert code in refused(camille, hospital, wrong)
    assert (rows("record_entry", camille), rows("record_submission", camille), rows("record_unique_id", camille)) == (
        0,
        0,
        0,
    )
    assert rows("trace_event", camille) == 1


def test_a_cda_that_was_not_read_as_one_is_not_filed() -> None:
    assert "cda_incomplete" in refused(holder(), organisation(), document(replace(entry(), mime_type="text/xml")))


@pytest.mark.parametrize(
    ("change", "refused_at"),
    [
        ({}, []),
        ({"visibility": HELD}, ["e0.securityLabel"]),
        ({"type": Coded("11490-0")}, ["e0.type"]),
    ],
)
def test_the_metadata_leave_out_nothing_that_the_header_says(change: dict[str, object], refused_at: list[str]) -> None:
    plain = replace(entry(), mime_type="text/xml")
    header = CdaDocument(replace(plain, **change), holder().statement, (), 3)  # type: ignore[arg-type]
    sent = submission(holder(), document(plain))
    found = problems(sent, [header], sends_as={"1.2.250.1.999.1.1"}, adult=True, at=AT)
    assert [problem.place for problem in found] == refused_at


def test_the_line_of_a_refused_hidden_deposit_is_hidden() -> None:
    camille, hospital = holder(), organisation()
    (held_id,) = deposit(camille, hospital, document(entry(visibility=HELD))).documents
    refused(camille, hospital, document(replace(entry(), size=1), replaces=f"DocumentReference/{held_id}"))
    assert lines(camille)[0].hidden_from == HELD


def test_an_empty_document_is_refused() -> None:
    assert "content_empty" in refused(holder(), organisation(), document(content=b""))


def test_depositing_in_the_name_of_another_organisation_is_refused() -> None:
    camille, hospital = holder(), organisation(source_id="1.2.250.1.999.7")
    assert refused(camille, hospital, document()) == ["source_not_yours"]


def test_a_document_of_somebody_else_is_refused_and_says_nothing_more() -> None:
    camille, hospital = holder(), organisation()
    twin = replace(camille, traits=replace(camille.traits, given_names=("CHARLIE",)))
    assert refused(twin, hospital, document(replace(entry(), size=1))) == ["traits_disagree"]
    assert lines(camille)[-1].reason == "traits_disagree"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.CLOSED, "space_not_open"),
        (State.INFORMED, "space_not_open"),
        (State.ERASED, "space_not_open"),
        (State.DECEASED, "space_not_open"),
    ],
)
def test_a_space_that_is_not_open_is_not_fed(state: State, code: str) -> None:
    camille, hospital = holder(), organisation()
    put_state(camille.patient, state)
    assert refused(camille, hospital, document()) == [code]
    assert rows("record_entry", camille) == 0


def test_an_opposed_space_answers_as_one_that_does_not_exist() -> None:
    with pytest.raises(Refused) as caught:
        deposit(opposed(), organisation(), document())
    assert (caught.value.reason.code, caught.value.reason.told_code) == ("space_opposed", "space_unknown")
