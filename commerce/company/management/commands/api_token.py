"""Make a key for another program; the token stands alone on the last line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from commerce.company import tokens
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput


class Command(BaseCommand):
    help = "Create an API token. It is shown once, on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="who will use it")
        parser.add_argument("--scopes", default="all", help=f"all, or some of: {','.join(sorted(tokens.SCOPES))}")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            with transaction.atomic(durable=True):
                token = tokens.issue(options["name"], scopes, at=now())
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Keep this token: it cannot be shown again.")
        self.stdout.write(token)
