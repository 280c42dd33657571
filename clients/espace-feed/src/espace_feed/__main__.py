"""`python -m espace_feed`."""

import sys

from espace_feed.command import main

sys.exit(main())
