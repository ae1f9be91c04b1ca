"""Check every invariant of the product; exit code 1 and the offending rows when one is broken."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commerce.kernel import audit
from commerce.kernel.clock import now


class Command(BaseCommand):
    help = "Check that stock, orders, money and events agree with themselves. Exit 1 if anything is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument("--no-cases", action="store_true", help="write nothing: open no cases about the findings")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(audit.run())
        broken = [finding for finding in findings if finding.count]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(finding) for finding in findings], default=str, indent=1))
        else:
            for finding in findings:
                self._print(finding)
            self.stdout.write(
                self.style.ERROR(f"{len(broken)} of {len(findings)} invariants are broken")
                if broken
                else self.style.SUCCESS(f"{len(findings)} invariants hold")
            )
        if broken:
            if not options["no_cases"]:
                audit.follow_up(broken, at=now())
            sys.exit(1)

    def _print(self, finding: audit.Finding) -> None:
        mark = self.style.ERROR("BROKEN") if finding.count else self.style.SUCCESS("ok")
        self.stdout.write(f"{finding.invariant.code:<6} {mark:<8} {finding.invariant.says}")
        for offence in finding.offences:
            self.stdout.write("         " + "  ".join(f"{name}={value}" for name, value in offence.items()))
        if finding.count > len(finding.offences):
            self.stdout.write(f"         … and {finding.count - len(finding.offences)} more")


def _as_json(finding: audit.Finding) -> dict[str, Any]:
    return {
        "code": finding.invariant.code,
        "says": finding.invariant.says,
        "holds": not finding.count,
        "count": finding.count,
        "offences": finding.offences,
    }
