"""What is asked of the programs that walk the web: the doors for machines are not theirs."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

WORDS = """User-agent: *
Disallow: /fhir/
Disallow: /hl7v2
Disallow: /oauth/
Disallow: /xds/
"""
"""Nothing else is forbidden: a page that says something of somebody is behind a sign-in."""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORDS, content_type="text/plain; charset=utf-8")
