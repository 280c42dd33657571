"""The addresses of the pages. Machine doors never come here: `espace.site.wsgi` sends them to their own handlers."""

from django.urls import include, path

urlpatterns = [
    path("demo/", include("espace.site.demo.pages")),
    path("", include("espace.portal.urls")),
]

handler400 = "espace.portal.pages.errors.bad_request"
handler403 = "espace.portal.pages.errors.forbidden"
handler404 = "espace.portal.pages.errors.not_found"
handler500 = "espace.portal.pages.errors.broken"
