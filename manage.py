#!/usr/bin/env python
"""The command line of Counterpart: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for people on an older Python
        sys.exit(f"Counterpart needs Python 3.11 or newer; this is {sys.version.split()[0]}. Run `make run` instead.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commerce.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed in this environment. Run `make run` once: it sets everything up.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
