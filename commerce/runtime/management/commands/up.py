"""`manage.py up`: the whole of Counterpart on one machine, in the foreground."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commerce.runtime import ports
from commerce.runtime.startup import bring_up


class Command(BaseCommand):
    help = "Starts database, web, worker, beat, hardware bridge and stand-ins; Ctrl-C stops all of it."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"port of the web pages (default: PORT or {ports.DEFAULT_PORT})")
        parser.add_argument("--no-demo", action="store_true", help="do not fill an empty database with demo data")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["port"] is not None:
            os.environ["PORT"] = str(options["port"])
        try:
            bring_up(demo=not options["no_demo"])
        except KeyboardInterrupt:
            sys.exit("\nStopped before everything was up.")
