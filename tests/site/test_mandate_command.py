"""`./espace mandate`: parents and guardians entered from a file, what is contested, and its end."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from cast import AUTHORITY, Holder, holder, represents
from espace.access import gate
from espace.edge import now
from espace.identity.actions.mandates import contest_help
from espace.identity.queries.mandates import mandates
from espace.kernel.words import Purpose, Refused, Verb
from espace.site.commands import mandate
from espace.site.terminal import Failed

pytestmark = pytest.mark.django_db

HEADER = "ins,oid,helper_ins,helper_oid,kind,scope,until,measure,decision"


@pytest.fixture
def family() -> tuple[Holder, Holder]:
    return holder(given_names=("MARIE",)), holder(given_names=("LÉO",), born=date(2011, 3, 22))


def line(helped: Holder, helper: Holder, rest: str) -> str:
    return f"{helped.ins.number},{AUTHORITY},{helper.ins.number},{AUTHORITY},{rest}"


def attach(folder: Path, *lines: str, header: str = HEADER) -> int:
    file = folder / "mandates.csv"
    file.write_text("\n".join((header, *lines)), encoding="utf-8")
    return mandate._attach(file, "Assurance maladie", test_identities=True)


def test_who_is_entered_waits_for_their_declaration_and_again_changes_nothing(
    family: tuple[Holder, Holder], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marie, leo = family
    parent = line(leo, marie, "parent,,,,")
    guardian = line(marie, holder(), "guardian,read,2099-01-01,tutelle,TJ de Nantes 25/00017")
    assert attach(tmp_path, parent, guardian) == 0
    assert capsys.readouterr().err.splitlines() == ["2 added"]
    assert attach(tmp_path, parent, guardian) == 0
    assert capsys.readouterr().err.splitlines() == ["2 there already"]
    with (
        pytest.raises(Refused) as refused,
        gate.open_record(
            actor=marie.actor, patient=leo.patient, purpose=Purpose.PROXY, verb=Verb.LIST, at=now()
        ),
    ):
        pass
    assert refused.value.reason.code == "help_waiting"


def test_refused_lines_say_why_and_the_others_are_entered(
    family: tuple[Holder, Holder], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marie, leo = family
    nobody = "1850375999999"
    assert (
        attach(
            tmp_path,
            line(marie, leo, "parent,,,,"),
            line(marie, leo, "guardian,,,curatelle,TJ 1"),
            line(marie, leo, "guardian,,,,"),
            line(marie, leo, "carer,,,,"),
            line(leo, leo, "parent,,,,"),
            line(leo, marie, "parent,write,demain,mariage,"),
            f"{nobody},{AUTHORITY},{marie.ins.number},{AUTHORITY},parent,,,,",
            "trop,court",
            line(leo, marie, "parent,,,,"),
        )
        == 1
    )
    said = capsys.readouterr().err.splitlines()
    assert [one.split(":")[1].strip() for one in said[:5]] == [
        "no_representative", "assists_only", "proof_missing", "kind", "help_oneself",
    ]  # fmt: skip
    assert said[5].startswith("line 7: scope: read or act, or nothing for act; until: YYYY-MM-DD, or nothing; measure")
    assert said[6].startswith("line 8: ins: ins_malformed") and said[7] == "line 9: 2 fields instead of 9"
    assert said[8] == "8 refused, 1 added"


@pytest.mark.parametrize("data", [b"", b"ins,oid\n", "é".encode("latin-1"), HEADER.encode() + b'\n"a'])
def test_a_file_that_is_none_is_refused_whole(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "mandates.csv").write_bytes(data)
    with pytest.raises(Failed):
        mandate._attach(tmp_path / "mandates.csv", "Assurance maladie", test_identities=True)


def test_what_is_contested_is_listed_without_a_name_and_ended(
    family: tuple[Holder, Holder], capsys: pytest.CaptureFixture[str]
) -> None:
    marie, leo = family
    reference = represents(marie, leo)
    with gate.open_record(
        actor=leo.actor, patient=leo.patient, purpose=Purpose.HOLDER, verb=Verb.CONTEST, at=now()
    ) as grant:
        contest_help(grant, reference)
    mandate._list()
    listed = capsys.readouterr().out
    assert str(reference) in listed and "Duval" not in listed and leo.ins.number not in listed
    assert [mandate._end(reference), mandate._end(reference)] == [0, 0]
    assert capsys.readouterr().err.splitlines() == ["ended", "it had ended already"]
    mandate._list()
    assert str(reference) not in capsys.readouterr().out
    with gate.open_record(
        actor=leo.actor, patient=leo.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=now()
    ) as grant:
        assert [one.ended_by for one in mandates(grant)] == ["L’exploitant"]
    with pytest.raises(Failed):
        mandate._end(uuid4())
