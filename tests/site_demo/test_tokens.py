"""The tokens of the professionals of the cast: who they are, what they may do, and the consent that goes with them."""

from datetime import timedelta

import pytest

from cast import Holder, holder, opposed
from espace import edge
from espace.access import gate
from espace.catalogue.facts import OWN_MEASURES, USER_CREATE, USER_SEARCH
from espace.catalogue.queries import actor_of_token
from espace.identity.queries import professional_of
from espace.kernel.reasons import Reason
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb
from espace.site import cli
from espace.site.demo.professionals import directory
from espace.site.demo.tokens import audience, of_app, of_professional
from espace.wire.nomenclature import PROFESSIONS, SPECIALTIES

pytestmark = pytest.mark.usefixtures("db")
HOUR = timedelta(hours=1)


def actor(who: str, of: Holder | None = None, *, scope: str = USER_SEARCH) -> Actor:
    token = of_professional(who, of.ins.number if of else None, lifetime=HOUR, test_identities=True)
    assert token is not None
    return actor_of_token(token, audience=audience(), at=edge.now(), scopes={ActorKind.PROFESSIONAL: scope})


def why(who: Actor, of: Holder) -> Reason:
    """The reason why this professional reads this record, or does not."""
    try:
        with gate.open_record(
            actor=who, patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=edge.now()
        ) as grant:
            return grant.reason
    except Refused as refused:
        return refused.reason


@pytest.mark.parametrize(
    ("who", "name", "profession", "place"),
    [
        ("doctor", "Hélène Morvan", "10", "Maison de santé du Canal"),
        ("stranger", "Karim Haddad", "10", "Cabinet du docteur Haddad"),
        ("nurse", "Julie Le Gall", "60", "Maison de santé du Canal"),
    ],
)
def test_a_professional_of_the_cast_acts_in_their_organisation(
    who: str, name: str, profession: str, place: str
) -> None:
    found = actor(who, scope=USER_CREATE)
    assert (found.kind, found.name, found.profession) == (ActorKind.PROFESSIONAL, name, profession)
    assert (found.organisation_name, found.region) == (place, "53")


def test_an_ins_gives_that_patients_consent_and_no_other() -> None:
    camille, other = holder(), holder(birth_name="AUTRE")
    assert why(actor("doctor"), camille).code == "consent_missing"
    assert why(actor("doctor", camille), camille).code == "consent_in_force"
    assert why(actor("doctor", camille), camille).code == "consent_in_force"
    assert why(actor("doctor"), other).code == "consent_missing"
    assert why(actor("stranger"), camille).code == "consent_missing"


def test_no_consent_is_recorded_for_a_space_that_was_objected_to() -> None:
    with pytest.raises(Refused) as refused:
        actor("nurse", opposed())
    assert refused.value.reason.told_code == "space_unknown"


def test_the_application_of_the_demonstration_is_let_in_and_adds_measures() -> None:
    camille = holder()
    token = of_app(camille.ins.number, lifetime=HOUR, test_identities=True)
    assert token is not None
    found = actor_of_token(token, audience=audience(), at=edge.now(), scopes={ActorKind.APP: OWN_MEASURES})
    assert (found.kind, found.name, found.patient) == (ActorKind.APP, "Carnet de mesures", camille.patient)
    assert of_app("999999999999999", lifetime=HOUR, test_identities=True) is None


def test_nobody_bears_an_unknown_ins() -> None:
    assert of_professional("doctor", "999999999999999", lifetime=HOUR, test_identities=True) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stranger", "--ins", "282053523899178"], "--ins goes with holder, app, doctor or nurse"),
        (["hospital", "--ins", "282053523899178"], "--ins goes with holder, app, doctor or nurse"),
    ],
)
def test_what_cannot_be_given_is_refused_with_a_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["token", *words]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_the_whole_cast_is_in_the_directory_with_known_codes() -> None:
    for professional in directory():
        assert professional.profession in PROFESSIONS
        assert professional.specialty in SPECIALTIES
        assert professional.activities
    assert len({one.national_id for one in directory()}) == len(directory())


def test_a_professional_of_the_cast_is_the_same_one_each_time() -> None:
    first, again = actor("doctor"), actor("doctor")
    assert first == again
    stored = professional_of(first.national_id)
    assert stored is not None
    assert stored.id == first.id
