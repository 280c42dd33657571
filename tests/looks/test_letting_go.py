"""What a page was made of does not outlive its answer: a search in a long record would else keep all of its texts."""

import gc
import weakref

from django.test import RequestFactory

from espace.looks.frame import render
from espace.looks.plain import TEMPLATE, Said

SAID = Said(title="Un titre", what="Ce qui est", todo="", path="/", action="Revenir")


class Heavy:
    """Of a page: all the documents of somebody, say."""


def test_what_a_page_was_made_of_goes_with_its_answer() -> None:
    heavy = Heavy()
    still_there = weakref.ref(heavy)
    gc.disable()  # the collector would find it some thousands of requests later
    try:
        page = render(RequestFactory().get("/x/"), TEMPLATE, {"said": SAID, "heavy": heavy})
        del heavy
        assert still_there() is not None
        page.close()
        assert still_there() is None
    finally:
        gc.enable()
