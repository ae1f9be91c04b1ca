"""What every endpoint for machines shares: scopes, and requests that may be repeated."""

import json
import math
import re
from functools import wraps
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel import idempotency
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError, InvalidInput, TooLarge
from commerce.kernel.http import problem

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


class HasScope(BasePermission):
    """Lets a caller in who has the view's scope; a view that names none lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = getattr(view, "scope", None)
        return wanted is not None and wanted in getattr(request.user, "scopes", ())


class BoundedJSONParser(JSONParser):
    """JSON of bounded size and depth, with values that the database can keep.

    NUL and halves of surrogate pairs, which it cannot, become U+FFFD, and numbers beyond all bounds null: in a batch
    they must not hold up the others.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request and int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise TooLarge(most=limit // 2**20)
        try:
            return _keepable(super().parse(stream, media_type, parser_context))
        except RecursionError as error:
            raise ParseError() from error


def _keepable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else _UNKEEPABLE.sub("\ufffd", value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_keepable(one) for one in value]
    if isinstance(value, dict):
        return {_keepable(name): _keepable(one) for name, one in value.items()}
    return value


def scope(name: str) -> Any:
    """Decorator above `@api_view`: the scope that a caller needs."""

    def mark(view: Any) -> Any:
        view.cls.scope = name
        return view

    return mark


def idempotent(view: Any) -> Any:
    """Decorator below `@api_view`: a POST with an `Idempotency-Key` takes effect once and gets one answer (I31).

    The key is the caller's own. The same key and body get the first answer again, the same key with another body 409,
    and while the first is still at work 409 with Retry-After. Answers of 500 and more are not kept: what failed for our
    reasons may be tried again. A key whose first request died without an answer is free again after `STALE`.
    """

    @wraps(view)
    def once(request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) > 255:
            raise InvalidInput({"Idempotency-Key": [_("A key has at most 255 characters.")]})
        caller: Any = request.user
        scope_name = f"api:{caller.name}:{request.method} {request.path}"
        body = json.loads(JSONRenderer().render(request.data))
        answer = idempotency.begin(scope_name, key, body=body, at=now())
        if answer is None:
            answer = _answer_of(view, request, scope_name, key, args, kwargs)
        return Response(answer.body, status=answer.status)

    return once


def _answer_of(view: Any, request: Request, scope_name: str, key: str, args: Any, kwargs: Any) -> idempotency.Answer:
    try:
        response = view(request, *args, **kwargs)
        answer = idempotency.Answer(response.status_code, json.loads(JSONRenderer().render(response.data)))
    except DomainError as error:
        if error.status >= 500:
            idempotency.finish(scope_name, key, None)
            raise
        answer = idempotency.Answer(error.status, problem(error))
    except BaseException:
        idempotency.finish(scope_name, key, None)
        raise
    idempotency.finish(scope_name, key, answer)
    return answer
