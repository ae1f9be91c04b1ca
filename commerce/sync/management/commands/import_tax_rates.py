"""Import a public table of tax rates, and the areas of its postal codes.

Exit codes as those of `import_catalog`: 0 when the whole file was gone through, 1 when nothing could be taken, 130
after Ctrl-C; the same command goes on from there. The same table twice writes nothing.
"""

from pathlib import Path

from django.core.management.base import CommandParser

from commerce.sync.formats import TAX_FORMATS
from commerce.sync.management.commands.import_catalog import Command as ImportCommand


class Command(ImportCommand):
    help = "Import tax rates from a public table. What is in force already is not written again."
    options = ("valid_from",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file, also packed as .gz; JSON for the format eu")
        parser.add_argument(
            "--format",
            required=True,
            choices=list(TAX_FORMATS),
            help="which table it is. us-zip brings the states' own shares: take us-states or us-zip, not both",
        )
        parser.add_argument(
            "--from",
            dest="valid_from",
            default="",
            metavar="DAY",
            help="from when the rates count where the table names no day, as 2026-12-31 (today)",
        )
        self.add_ways(parser)
