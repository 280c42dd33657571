"""Errors are pages that say what happened and what to do, in the frame of the door where they happen."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from espace.looks import errors


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        (lambda request: errors.bad_request(request, Exception()), 400, "n’a pas été comprise"),
        (lambda request: errors.forbidden(request, Exception()), 403, "Ce n’est pas possible"),
        (lambda request: errors.csrf_failure(request), 403, "ouverte depuis trop longtemps"),
        (lambda request: errors.not_found(request, Exception()), 404, "Cette page n’existe pas"),
        (lambda request: errors.throttled(request), 429, "Trop d’essais"),
        (lambda request: errors.broken(request), 500, "L’erreur vient de nous"),
        (lambda request: errors.unavailable(request), 503, "Momentanément indisponible"),
    ],
)
def test_errors_say_what_happened_and_what_to_do(
    page: Callable[[HttpRequest], HttpResponse], status: int, said: str
) -> None:
    response = page(RequestFactory().get("/x/"))
    assert response.status_code == status
    text = response.content.decode()
    assert said in text and "Revenir à l’accueil" in text
