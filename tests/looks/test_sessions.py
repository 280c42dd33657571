"""Two tabs at once never end a session."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection

from espace.edge import now
from espace.looks.sessions import SessionStore, row_key

TABS = 4

pytestmark = pytest.mark.usefixtures("db")


def test_saving_one_session_from_several_tabs_at_once() -> None:
    first = SessionStore()
    first.create()
    together = Barrier(TABS)

    def save(number: int) -> None:
        mine = SessionStore(first.session_key)
        mine[f"tab{number}"] = True
        together.wait()
        try:
            mine.save()
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as tabs:
        list(tabs.map(save, range(TABS)))
    assert SessionStore(first.session_key).load()


def test_a_session_that_was_ended_is_not_saved_again() -> None:
    ended = SessionStore()
    ended.create()
    SessionStore(ended.session_key).delete()
    ended["more"] = True
    with pytest.raises(UpdateError):
        ended.save()


def test_the_cookie_is_not_in_the_table() -> None:
    kept = SessionStore()
    kept["who"] = "camille"
    kept.create()
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert kept.session_key not in keys
    assert row_key(kept.session_key) in keys
    assert SessionStore(row_key(kept.session_key)).load() == {}
    assert SessionStore(kept.session_key).load() == {"who": "camille"}


def test_a_session_whose_time_is_over_is_none_and_its_key_serves_no_more() -> None:
    kept = SessionStore()
    kept["who"] = "camille"
    kept.create()
    over, other = SessionStore(kept.session_key), SessionStore("of-no-row-at-all")
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert (over.get("who"), over.session_key) == (None, None)
    assert (other.get("who"), other.session_key) == (None, None)


def test_an_ended_session_is_gone() -> None:
    kept = SessionStore()
    kept.create()
    key = kept.session_key
    kept.flush()
    assert SessionStore(key).load() == {}
