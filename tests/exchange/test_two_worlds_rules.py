"""A rule of masking is invisible outside: with and without what it masked, professionals get the same answers."""

from datetime import timedelta

import pytest

from cast import organisation
from door import deposit_of, with_another
from espace import edge
from espace.access import gate
from espace.kernel.words import Purpose, Verb
from espace.record import actions
from exchange.test_two_worlds import DOCUMENTS, LISTS, READERS, Reader, World, _of_secret_kind

pytestmark = pytest.mark.django_db

DOCTOR = Reader("doctor", READERS[1].token, _of_secret_kind)
ASKED: list[tuple[str, list[tuple[str, str]]]] = [
    (DOCUMENTS, []),
    (DOCUMENTS, [("_summary", "count")]),
    (DOCUMENTS, [("_id", "{alone},{beside},{shown}")]),
    (DOCUMENTS, [("type", "68599-0")]),
    (DOCUMENTS, [("security-label", "MASQUE_PS")]),
    (DOCUMENTS, [("_sort", "-_lastUpdated"), ("_count", "1")]),
    (LISTS, []),
    (LISTS, [("_id", "{set}")]),
    (LISTS, [("title", "bilan"), ("_summary", "count")]),
]


class Ruled(World):
    """What it hides is of a kind that the holder masked: one before the rule, one after it beside one that shows."""

    def _fill(self) -> None:
        first = self._file(0, deposit_of(self.who, b"first"))[1]
        if self.hiding:
            self.hidden["set"], self.hidden["alone"], *_ = self._file(1, self._hide("alone", b"alone"))
        self._decide()
        pair = with_another(deposit_of(self.who, b"pair"), uid=self.uids["beside"])
        self.reader.hide(pair["entry"][3]["resource"])
        if not self.hiding:
            pair["entry"] = pair["entry"][:3]
            lot = pair["entry"][0]["resource"]
            lot["entry"] = lot["entry"][:1]
            for name in ("title", "note", "source", "contained"):
                del lot[name]
        filed = self._file(2, pair)
        if self.hiding:
            self.hidden["beside"] = filed[3]
        self.shown = [first, self._file(3, deposit_of(self.who, b"last"))[1]]

    def _decide(self) -> None:
        at = self.start + timedelta(minutes=1, seconds=30)
        with gate.open_record(
            actor=self.who.actor, patient=self.who.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=at
        ) as grant:
            actions.mask_by_rule(grant, "reports")


def test_no_search_no_count_and_no_set_tells_of_what_a_rule_masks() -> None:
    by, start = organisation(), edge.now() - timedelta(minutes=10)
    hiding, plain = (Ruled(DOCTOR, by, hiding=yes, start=start) for yes in (True, False))
    for path, pairs in ASKED:
        with_it, without = (one.seen("GET", path, [*one.named(), *pairs]) for one in (hiding, plain))
        assert with_it == without
        assert with_it[0] == 200
    for path in ("/fhir/DocumentReference/{alone}", "/fhir/Binary/{beside}", "/fhir/List/{set}"):
        with_it, without = (one.seen("GET", path, []) for one in (hiding, plain))
        assert with_it == without
        assert with_it[0] == 404
