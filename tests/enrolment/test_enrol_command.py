"""`./espace enrol` run several times at once on the same person: one space, and nobody is told of an error."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from cast import fresh_ins
from espace.enrolment import actions
from espace.identity.facts import Ins
from espace.identity.queries import patient_of
from espace.kernel.ids import PatientId
from espace.site.commands.enrol import _enrol

pytestmark = pytest.mark.usefixtures("db")
AT_ONCE = 4


@contextmanager
def all_look_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody writes before everybody has seen that the person is unknown."""
    together, looked = threading.Barrier(AT_ONCE), threading.local()

    def look(ins: Ins) -> PatientId | None:
        found = patient_of(ins)
        if not getattr(looked, "already", False):
            looked.already = True
            together.wait(20)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(actions, "patient_of", look)
        yield


def test_several_enrolments_of_one_person_at_once_make_one_space(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ins = fresh_ins()
    header = "ins,oid,birth_name,given_names,birth_date,sex,birth_place,email\n"
    data = f"{header}{ins.number},{ins.authority},DUVAL,ROSE,1985-03-07,F,44109,\n".encode()
    codes: list[int] = []

    def enrol() -> None:
        codes.append(_enrol(data, test_identities=True))
        connections.close_all()

    with all_look_first(monkeypatch):
        threads = [threading.Thread(target=enrol) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes == [0] * AT_ONCE
    assert sorted(capsys.readouterr().err.splitlines()) == ["1 already"] * 3 + ["1 opened"]
    assert patient_of(ins) is not None
