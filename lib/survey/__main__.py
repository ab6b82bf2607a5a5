"""`python -m lib.survey`: see `command.main`, which does it all.

It holds nothing of its own.
"""

import sys

from lib.survey.command.main import main

if __name__ == "__main__":
    sys.exit(main())
