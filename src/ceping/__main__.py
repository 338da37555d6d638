"""`python -m ceping` is the `ceping` command."""

import sys

from ceping.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
