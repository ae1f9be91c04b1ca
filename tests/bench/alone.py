"""One bench in a process of its own: `python -m tests.bench.alone NAME MODULE ANSWER [--quick]`.

Settings come from the environment that `Place.database` made. The figures are written to the file ANSWER.
"""

import dataclasses
import json
import signal
import sys
from importlib import import_module
from pathlib import Path

import django

from commerce.runtime.child import die_with_parent
from tests.bench.place import Ground


def main() -> None:
    """Run the bench named on the command line."""
    name, module, answer, *flags = sys.argv[1:]
    die_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    django.setup()
    with Ground(name, quick="--quick" in flags) as ground:
        figures = list(import_module(f"tests.bench.{module}").run(ground))
    Path(answer).write_text(json.dumps([dataclasses.asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main()
