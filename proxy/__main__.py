"""``python -m blackstart.proxy``: run the fault proxy."""

import sys

from blackstart.proxy.command import main

sys.exit(main(None))
