"""A browser in two words of closed lists, whatever its header says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.identity.facts.web_sessions import Browser
from espace.identity.rules.browsers import NAMES, SYSTEMS, browser_of

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
REAL = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": Browser("firefox", "linux"),
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/141.0.0.0 Safari/537.36": Browser("chrome", "windows"),
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0": Browser(
        "edge", "windows"
    ),
    f"Mozilla/5.0 (Linux; Android 10; K) {KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": Browser(
        "samsung", "android"
    ),
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {KIT} Chrome/141.0.0.0 Safari/537.36 OPR/122.0": Browser(
        "opera", "macos"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Mobile/15E148 Safari/604.1": Browser("safari", "iphone"),
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 "
    "Safari/604.1": Browser("chrome", "ipad"),
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {KIT} Chrome/141.0.0.0 Safari/537.36": Browser("chrome", "chromeos"),
    "curl/8.14.1": Browser("", ""),
    "": Browser("", ""),
}


@pytest.mark.parametrize("agent", REAL)
def test_real_headers(agent: str) -> None:
    assert browser_of(agent) == REAL[agent]


@given(st.text())
def test_never_a_word_of_its_own(agent: str) -> None:
    found = browser_of(agent)
    assert found.name in {"", *dict(NAMES).values()} and found.system in {"", *dict(SYSTEMS).values()}


def test_what_stands_after_four_hundred_characters_is_not_read() -> None:
    assert browser_of("x" * 400 + "Firefox Windows") == Browser("", "")
