"""What an installation pays for a password: the tests make theirs cheap, so a process of its own is asked."""

import subprocess
import sys

from espace.site.source import tool_environment

HASH = """
import django
django.setup()
from django.contrib.auth.hashers import make_password
print(make_password("phrase de passe"))
"""


def test_a_password_costs_whoever_guesses_it_as_much_as_django_recommends() -> None:
    environment = tool_environment() | {"DJANGO_SETTINGS_MODULE": "espace.site.settings"}
    said = subprocess.run([sys.executable, "-c", HASH], env=environment, check=True, capture_output=True, text=True)
    algorithm, cost, _salt, block, parallel, _hash = said.stdout.strip().split("$")
    assert (algorithm, block) == ("scrypt", "8")
    assert int(cost) >= 2**14
    assert int(parallel) >= 1
