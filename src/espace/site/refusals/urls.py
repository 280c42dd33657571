"""The addresses of the pages of reasons: public, and asked for only."""

from django.urls import path
from django.views.decorators.http import require_http_methods

from espace.portal.urls import READ, Route
from espace.site.refusals import pages

ROUTES: tuple[Route, ...] = (
    Route("erreurs/", "refusals", READ, public=pages.every),
    Route("erreurs/<slug:code>/", "refusal", READ, public=pages.one),
)

urlpatterns = [
    path(route.path, require_http_methods(route.methods)(route.public), name=route.name)
    for route in ROUTES
    if route.public
]
