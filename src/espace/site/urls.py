"""The addresses of the pages. Machine doors never come here: `espace.site.wsgi` sends them to their own handlers."""

from django.urls import include, path

from espace.looks.robots import robots

urlpatterns = [
    path("demo/bac-a-sable/", include("espace.site.sandbox.pages")),
    path("demo/", include("espace.site.demo.pages")),
    path("robots.txt", robots),
    path("styleguide/", include("espace.site.demo.styleguide")),
    path("", include("espace.site.refusals.urls")),
    path("pro/", include("espace.workstation.urls")),
    path("", include("espace.portal.urls")),
]

handler400 = "espace.looks.errors.bad_request"
handler403 = "espace.looks.errors.forbidden"
handler404 = "espace.looks.errors.not_found"
handler429 = "espace.looks.errors.throttled"
handler500 = "espace.looks.errors.broken"
