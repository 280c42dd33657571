"""Static files: only what the rooms ship, whatever the path tries."""

from pathlib import Path
from typing import Any

import pytest

from espace.site.static import StaticFile, answer_static, read_static


@pytest.fixture
def files(tmp_path: Path) -> dict[str, StaticFile]:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static" / "looks").mkdir(parents=True)
    (tmp_path / "static" / "looks" / "site.css").write_text("a{}")
    (tmp_path / "static" / "looks" / "mark.svg").write_text("<svg/>")
    return read_static([tmp_path / "static"])


def _ask(files: dict[str, StaticFile], path: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    said: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, **more}
    body = b"".join(answer_static(files, environ, lambda status, headers, *_: said.extend([status, dict(headers)])))
    return said[0], said[1], body


def test_a_style_sheet_is_served_with_its_type_and_tag(files: dict[str, StaticFile]) -> None:
    status, headers, body = _ask(files, "/static/looks/site.css")
    assert (status, body) == ("200 OK", b"a{}")
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert headers["Content-Length"] == "3"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_tag_costs_no_body(files: dict[str, StaticFile]) -> None:
    tag = _ask(files, "/static/looks/mark.svg")[1]["ETag"]
    assert _ask(files, "/static/looks/mark.svg", HTTP_IF_NONE_MATCH=tag)[::2] == ("304 Not Modified", b"")


def test_head_has_no_body(files: dict[str, StaticFile]) -> None:
    status, headers, body = _ask(files, "/static/looks/site.css", REQUEST_METHOD="HEAD")
    assert (status, headers["Content-Length"], body) == ("200 OK", "3", b"")


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/looks", "/static/../secret.txt", "/static/looks/../../secret.txt", "/static//etc/passwd"],
)
def test_nothing_else_is_served(files: dict[str, StaticFile], path: str) -> None:
    assert _ask(files, path)[0] == "404 Not Found"


def test_nothing_is_posted(files: dict[str, StaticFile]) -> None:
    assert _ask(files, "/static/looks/site.css", REQUEST_METHOD="POST")[0] == "404 Not Found"
