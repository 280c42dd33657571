"""`python -m espace`: the command line that `./espace` hands over to."""

import sys

from espace.site.cli import main

sys.exit(main(sys.argv[1:]))
