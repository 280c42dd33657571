"""A minor's own folders: what they call what they keep from their representatives does not exist for these, whatever
lies in it; an adult's are there for who helps them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import AT, Holder, cares, document, entry, organisation
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Verb
from espace.record import actions, queries
from espace.record.facts import UNSET, Unset
from portal.helpers import member
from record.filing import deposit
from record.owning import folders, listed, refusing
from record.secret import FROM_PARENTS, as_holder, as_proxy, minor, mother_of
from record.test_secret_care import told

pytestmark = pytest.mark.usefixtures("db")
SECRET, SHOWN = "Contraception", "École"
Act = Callable[[Grant, UUID], object]


def makes(of: Holder, name: str, mother: Actor | None = None) -> UUID:
    def make(grant: Grant) -> UUID:
        return actions.make_folder(grant, name=name)

    return as_proxy(of, mother, Verb.ARRANGE, make) if mother else as_holder(of, Verb.ARRANGE, make)


def puts(
    of: Holder, one: UUID, folder: UUID | Unset | None, mother: Actor | None = None, *, pinned: bool | None = None
) -> None:
    def put(grant: Grant) -> None:
        actions.arrange(grant, documents=[one], folder=folder, pinned=pinned)

    as_proxy(of, mother, Verb.ARRANGE, put) if mother else as_holder(of, Verb.ARRANGE, put)


def known(of: Holder, mother: Actor) -> tuple[list[tuple[str, int]], dict[UUID, UUID | None]]:
    """The folders that she knows of, and where the documents are for her."""

    def read(grant: Grant) -> tuple[list[tuple[str, int]], dict[UUID, UUID | None]]:
        found, folders = queries.in_folders(grant, queries.documents(grant))
        assert folders == queries.folders(grant)
        return [(one.name, one.count) for one in folders], {one.id: one.folder for one in found}

    return as_proxy(of, mother, Verb.LIST, read)


def test_a_minor_s_folder_does_not_exist_for_representatives_whatever_is_in_it() -> None:
    leo, hospital = minor(), organisation()
    mother = mother_of(leo)
    (secret,) = deposit(leo, hospital, document(entry(visibility=FROM_PARENTS), b"secret")).documents
    (shown,) = deposit(leo, hospital, document(content=b"shown")).documents
    before, lines = known(leo, mother), [line.verb for line in told(leo, mother)]
    own, school = makes(leo, SECRET), makes(leo, SHOWN)
    puts(leo, secret, own)
    puts(leo, shown, school)
    as_holder(leo, Verb.ARRANGE, lambda grant: actions.rename_folder(grant, folder=school, name="Lycée"))
    puts(leo, shown, None)
    puts(leo, shown, own)
    as_holder(leo, Verb.ARRANGE, lambda grant: actions.remove_folder(grant, folder=school))
    assert folders(leo) == [(SECRET, 2)]
    assert known(leo, mother) == before == ([], {shown: None})
    assert Verb.ARRANGE not in lines and Verb.ARRANGE not in [line.verb for line in told(leo, mother)]
    puts(leo, shown, UNSET, pinned=True)
    assert [line.verb for line in told(leo, mother)].count(Verb.ARRANGE) == 1


ACTS: dict[str, Act] = {
    "rename": lambda grant, folder: actions.rename_folder(grant, folder=folder, name="À moi"),
    "remove": lambda grant, folder: actions.remove_folder(grant, folder=folder),
    "arrange": lambda grant, folder: actions.arrange(grant, documents=(), folder=folder),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_a_representative_asks_of_it_is_answered_as_of_what_does_not_exist(act: str) -> None:
    leo = minor()
    mother, own = mother_of(leo), makes(leo, SECRET)
    asked = []
    for folder in (own, uuid4()):
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["keys"]) as keys,
            refusing() as found,
        ):
            as_proxy(leo, mother, Verb.ARRANGE, lambda grant, one=folder: ACTS[act](grant, one))
        asked.append((found, len(main), len(keys)))
    assert asked[0] == asked[1]
    assert asked[0][0] == [("folder_unknown", "")]
    assert folders(leo) == [(SECRET, 0)]
    as_holder(leo, Verb.ARRANGE, lambda grant: ACTS[act](grant, own))


def test_a_representative_has_folders_of_the_same_names_and_the_minor_no_two_of_one() -> None:
    leo = minor()
    mother, own = mother_of(leo), makes(leo, SECRET)
    hers, school = makes(leo, SECRET, mother), makes(leo, SHOWN, mother)
    assert hers != own
    for name, folder in ((SECRET.upper(), hers), ("Divers", school)):
        as_proxy(
            leo, mother, Verb.ARRANGE,
            lambda grant, name=name, one=folder: actions.rename_folder(grant, folder=one, name=name),
        )  # fmt: skip
    assert known(leo, mother) == ([("CONTRACEPTION", 0), ("Divers", 0)], {})
    assert (makes(leo, "Divers"), makes(leo, SECRET)) == (school, own)
    for name in ("Divers", "DIVERS"):
        with refusing() as found:
            as_holder(leo, Verb.ARRANGE, lambda grant, name=name: actions.rename_folder(grant, folder=own, name=name))
        assert found == [("folder_exists", "name")]


def test_their_numbers_are_bounded_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.record.rules.FOLDERS_AT_MOST", 1)
    leo = minor()
    mother = mother_of(leo)
    makes(leo, SECRET)
    makes(leo, SHOWN, mother)
    for who in (None, mother):
        with refusing() as found:
            makes(leo, "Divers", who)
        assert found == [("folders_too_many", "")]


def test_a_representative_takes_nothing_out_of_a_folder_that_they_do_not_know_of() -> None:
    leo = minor()
    mother, own = mother_of(leo), makes(leo, SECRET)
    hers = makes(leo, SHOWN, mother)
    (shown,) = deposit(leo, organisation(), document(content=b"shown")).documents
    puts(leo, shown, own)
    puts(leo, shown, None, mother, pinned=True)
    assert [(one.folder, one.pinned) for one in listed(leo).values()] == [(own, True)]
    puts(leo, shown, hers, mother)
    assert known(leo, mother) == ([(SHOWN, 1)], {shown: hers})
    puts(leo, shown, None, mother)
    assert listed(leo)[shown].folder is None


@pytest.mark.parametrize(("days", "there"), [(0, [(SHOWN, 0)]), (1, [])])
def test_the_folders_of_somebody_of_age_are_there_for_their_carer(days: int, there: list[tuple[str, int]]) -> None:
    """Near miss: made on the day of eighteen, and the day before."""
    born = AT.date() + timedelta(days=days)
    young, address = minor(born=born.replace(year=born.year - 18)), f"{uuid4().hex}@exemple.fr"
    carer = member(email=address).of
    cares(carer, young, address=address)
    makes(young, SHOWN)
    assert known(young, replace(carer.actor, name="")) == (there, {})
    assert folders(young) == [(SHOWN, 0)]


def test_one_that_was_altered_is_no_representative_s() -> None:
    leo = minor()
    mother = mother_of(leo)
    hers = makes(leo, SHOWN, mother)
    (shown,) = deposit(leo, organisation(), document(content=b"shown")).documents
    puts(leo, shown, hers, mother)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_folder SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE patient_id = %s",
            [leo.patient],
        )
    assert known(leo, mother) == ([], {shown: None})
    assert folders(leo) == [("", 1)]
