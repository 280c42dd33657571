"""A health topic is invisible outside: professionals get the same answers with what it masks and without."""

from datetime import timedelta

import pytest

from cast import organisation
from espace import edge
from espace.access import gate
from espace.kernel.words import Purpose, Verb
from espace.record import actions, queries
from exchange.test_two_worlds_rules import ASKED, DOCTOR, Ruled

pytestmark = pytest.mark.django_db


class Topical(Ruled):
    """What it hides is linked to a masked topic: in a world that has nothing of it, the topic is empty."""

    def _fill(self) -> None:
        super()._fill()
        self._as_holder(3)

    def _decide(self) -> None:
        """Nothing is masked beforehand."""

    def _as_holder(self, minutes: int) -> None:
        at = self.start + timedelta(minutes=minutes, seconds=30)
        with gate.open_record(
            actor=self.who.actor, patient=self.who.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=at
        ) as grant:
            topic = actions.make_topic(grant, name="Santé mentale")
            there = queries.shown(grant, [id for name, id in self.hidden.items() if name != "set"])
            actions.link(grant, topic, list(there))
            actions.mask_topic(grant, topic)


def test_no_search_no_count_and_no_set_tells_of_what_a_topic_masks() -> None:
    by, start = organisation(), edge.now() - timedelta(minutes=10)
    hiding, plain = (Topical(DOCTOR, by, hiding=yes, start=start) for yes in (True, False))
    for path, pairs in ASKED:
        with_it, without = (one.seen("GET", path, [*one.named(), *pairs]) for one in (hiding, plain))
        assert with_it == without
        assert with_it[0] == 200
    for path in ("/fhir/DocumentReference/{alone}", "/fhir/Binary/{beside}", "/fhir/List/{set}"):
        with_it, without = (one.seen("GET", path, []) for one in (hiding, plain))
        assert with_it == without
        assert with_it[0] == 404
