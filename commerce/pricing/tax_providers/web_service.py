"""A provider that is asked over HTTP: POST settings.TAX_SERVICE_URL + "/v1/rates", JSON both ways.

    asked   {"country": "US", "region": "CA", "postal_code": "94601", "city": "Oakland", "classes": ["standard"],
             "day": "2026-11-23"}, with "Authorization: Bearer KEY" where settings.TAX_SERVICE_KEY is set
    answer  {"place": ["US", "US-CA", …], "rates": [{"jurisdiction": "US-CA", "tax_class": "standard", "code": "us-ca",
             "name": "California sales tax", "rate_ppm": 60000, "compound": false}, …]}

Whatever else it says, and whatever comes late, is no answer: rates are never guessed from half of one.
"""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.pricing.places import Jurisdiction
from commerce.pricing.tax_providers.base import NoAnswer, TaxQuestion
from commerce.pricing.taxes import TaxRow, midnight

LARGEST = 1 << 20  # bytes of an answer
MOST_RATES = 500
MILLION = 1_000_000


class WebService:
    code = "web_service"
    label = gettext_lazy("A tax service on the net")
    is_remote = True

    def rates(self, asked: TaxQuestion) -> tuple[list[str], list[TaxRow]]:
        body = {
            "country": asked.country,
            "region": asked.region,
            "postal_code": asked.postal_code,
            "city": asked.city,
            "classes": list(asked.classes),
            "day": asked.day.isoformat(),
        }
        answer = _post(body, seconds=settings.TAX_PROVIDER_SECONDS)
        try:
            return _understood(answer, asked)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NoAnswer(_("Its answer cannot be understood: %(error)s.") % {"error": error}) from error


PROVIDER = WebService()


def _post(body: dict[str, Any], *, seconds: float) -> Any:
    """The answer as JSON, within so many seconds in all, however slowly it comes."""
    address = urlsplit(settings.TAX_SERVICE_URL)
    if not address.hostname:
        raise NoAnswer(_("Nobody has said where it is (TAX_SERVICE_URL)."))
    made = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    until = time.monotonic() + seconds
    connection = made(address.hostname, address.port, timeout=seconds)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.TAX_SERVICE_KEY:
        headers["Authorization"] = f"Bearer {settings.TAX_SERVICE_KEY}"
    try:
        connection.request("POST", f"{address.path.rstrip('/')}/v1/rates", json.dumps(body), headers)
        if connection.sock is not None:
            connection.sock.settimeout(max(until - time.monotonic(), 0.001))
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise NoAnswer(_("It answered %(status)s.") % {"status": response.status})
        return json.loads(_read(response, connection, until))
    except TimeoutError as error:
        raise NoAnswer(_("It did not answer within %(seconds)s seconds.") % {"seconds": f"{seconds:g}"}) from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(_("It cannot be reached: %(error)s.") % {"error": error or type(error).__name__}) from error
    except ValueError as error:
        raise NoAnswer(_("Its answer is not JSON.")) from error
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, connection: http.client.HTTPConnection, until: float) -> bytes:
    found = b""
    while len(found) <= LARGEST:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(1 << 16)
        if not piece:
            return found
        found += piece
    raise NoAnswer(_("Its answer is far too long."))


def _understood(answer: Any, asked: TaxQuestion) -> tuple[list[str], list[TaxRow]]:
    place = [str(Jurisdiction.parse(text)) for text in answer["place"]]
    if not place or place[0] != asked.country:
        raise ValueError(f"the place is not in {asked.country}")
    rates = answer["rates"]
    if len(rates) > MOST_RATES:
        raise ValueError(f"{len(rates)} rates")
    found = [_row(rate, place, asked) for rate in rates]
    told = {(row["jurisdiction"], row["tax_class"], row["code"]) for row in found}
    if len(told) != len(found):
        raise ValueError("a rate is said twice")
    return place, found


def _row(rate: dict[str, Any], place: list[str], asked: TaxQuestion) -> TaxRow:
    jurisdiction, rate_ppm, compound = rate["jurisdiction"], rate["rate_ppm"], rate.get("compound", False)
    if jurisdiction not in place or rate["tax_class"] not in (*asked.classes, "standard"):
        raise ValueError(f"{jurisdiction} {rate['tax_class']} was not asked for")
    if type(rate_ppm) is not int or not 0 <= rate_ppm <= MILLION or type(compound) is not bool:
        raise ValueError(f"{rate_ppm} is no rate")
    code, name = str(rate["code"]), str(rate["name"])
    if not (0 < len(code) <= 100 and 0 < len(name) <= 200):
        raise ValueError("a rate without a name")
    return {
        "jurisdiction": jurisdiction,
        "tax_class": rate["tax_class"],
        "code": code,
        "name": name,
        "rate_ppm": rate_ppm,
        "compound": compound,
        "starts": midnight(asked.day),
        "ends": "",
    }
