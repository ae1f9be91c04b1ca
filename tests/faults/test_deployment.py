"""T31: what Django and we ask of an installation in earnest; secrets that programs agree on."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from commerce.runtime.paths import PROJECT

IN_EARNEST = {
    "BEHIND_TLS": "1",
    "SECRET_KEY": "k9-" + "x7Yq!" * 12,
    "PIN_PEPPER": "p" * 40,
    "ALLOWED_HOSTS": "shop.example.com",
    "SITE_URL": "https://shop.example.com",
    "STRIPE_SECRET_KEY": "sk_live_nobodys",
}


def ask(code: str, place: Path, **variables: str) -> str:
    """What a fresh process with these variables prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "SECRET_"))}
    made = {**kept, "COUNTERPART_DATA": str(place), "DATABASE_URL": "postgresql:///nowhere", **variables}
    command = [sys.executable, "-c", f"import os; from commerce import settings; {code}"]
    return subprocess.run(command, cwd=PROJECT, env=made, capture_output=True, text=True, check=True).stdout.strip()


def test_an_installation_in_earnest_has_nothing_to_warn_of() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    clean = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    checked = subprocess.run(command, cwd=PROJECT, env={**clean, **IN_EARNEST}, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    # The negative control: the demo's settings are not meant for the open net, and the same check says so.
    checked = subprocess.run(command, cwd=PROJECT, env=clean, capture_output=True, text=True)
    assert checked.returncode == 1
    assert "SECURE_SSL_REDIRECT" in checked.stderr


def test_a_real_account_has_no_public_webhook_secret(tmp_path: Path) -> None:
    shown = "print(repr(settings.STRIPE_WEBHOOK_SECRET), settings.STRIPE_API_BASE)"
    assert ask(shown, tmp_path, STRIPE_SECRET_KEY="sk_live_x") == "'' https://api.stripe.com"
    assert ask(shown, tmp_path).startswith("'whsec_counterpart' http://127.0.0.1:")
    assert ask(shown, tmp_path, STRIPE_SECRET_KEY="sk_live_x", STRIPE_WEBHOOK_SECRET="whsec_x").startswith("'whsec_x'")


def test_debugging_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert ask("print(settings.DEBUG)", tmp_path) == "False"


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    made = ask("print(settings.SECRET_KEY)", tmp_path)
    assert len(made) > 60
    assert ask("print(settings.SECRET_KEY)", tmp_path) == made
    assert ask("print(settings.SECRET_KEY)", tmp_path, SECRET_KEY="given") == "given"
    path = tmp_path / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "pin_pepper").read_text() != path.read_text()
    assert sorted(kept.name for kept in tmp_path.iterdir() if kept.is_file()) == [
        "gift_card_pepper",
        "pin_pepper",
        "secret_key",
    ]


def test_programs_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    """Forked at the same moment, many times over; each reads what all the others read, and never half of it."""
    code = (
        "import sys; from pathlib import Path; place = Path(settings.DATA_DIR);"
        "exec('for n in range(40):\\n children = []\\n r, w = os.pipe()\\n for _ in range(6):\\n  pid = os.fork()\\n"
        '  if not pid:\\n   os.write(w, settings._kept_secret(f"s{n}").encode() + b"\\\\n")\\n   os._exit(0)\\n'
        "  children.append(pid)\\n for pid in children: os.waitpid(pid, 0)\\n os.close(w)\\n"
        ' print(os.read(r, 9999).decode().replace("\\\\n", " "))\')'
    )
    rounds = [line.split() for line in ask(code, tmp_path).splitlines()]
    assert len(rounds) == 40
    assert {(len(found), len(set(found))) for found in rounds} == {(6, 1)}


@pytest.mark.django_db
def test_health_says_no_more_than_it_must(client: object) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}  # type: ignore[attr-defined]
    assert client.get("/readyz").json() == {"status": "ready"}  # type: ignore[attr-defined]
