"""`./espace adviser`: naming digital advisers, listing them, removing one, whose sessions end."""

from uuid import uuid4

import pytest

from access.helped import acts, reads, someone
from access.test_advising import begins, code_of
from espace.edge import now
from espace.identity.actions import people
from espace.identity.queries.mandates import mandates
from espace.kernel.words import Verb
from espace.site.commands import adviser
from espace.site.terminal import Failed

pytestmark = pytest.mark.django_db


def test_an_adviser_is_named_listed_and_removed_with_the_session_that_lasts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    noemie, camille, at = someone("NOÉMIE"), someone(), now()
    assert adviser._add(noemie.email.upper(), "  France services   de Saint-Junien ") == 0
    assert adviser._list() == 0
    assert f"{noemie.email}  France services de Saint-Junien\n" in capsys.readouterr().out
    begins(noemie, camille, code_of(camille, at=at), at=at)
    assert reads(noemie, camille, at=at) == "allowed"
    assert adviser._remove(noemie.email) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "removed, 1 session ended"
    assert reads(noemie, camille, at=at) == "advising_over"
    (ended,) = acts(camille, camille, Verb.HISTORY, mandates, at=at)
    assert ended.ended_by == "L’exploitant"
    assert adviser._remove(noemie.email) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "no adviser, 0 sessions ended"
    assert adviser._list() == 0 and noemie.email not in capsys.readouterr().out


def test_who_has_no_account_of_their_own_is_not_named() -> None:
    noemie = someone("NOÉMIE")
    with pytest.raises(Failed, match="no account has that address"):
        adviser._add(f"{uuid4().hex}@exemple.fr", "France services")
    shared = someone("PAUL")
    people.set_address(account_id=shared.of.actor.id, email=noemie.email)
    with pytest.raises(Failed, match="several accounts have that address"):
        adviser._add(noemie.email, "France services")
    for wrong in ("", "  ", "x" * 101):
        with pytest.raises(Failed, match="--structure is a name"):
            adviser._add(noemie.email, wrong)
