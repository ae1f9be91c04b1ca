from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, DateTimeField, JSONField, Serializer

from commerce.events import outbox
from commerce.kernel.api import scope

PAGE = 200


class EventSerializer(Serializer):
    cursor = CharField(help_text="Position of this event; send it as `after` to go on behind it.")
    topic = CharField()
    key = CharField()
    payload = JSONField()
    created_at = DateTimeField()


class EventPageSerializer(Serializer):
    events = EventSerializer(many=True)
    cursor = CharField(help_text="Send it as `after` to get what comes next.")


@extend_schema(
    operation_id="events_list",
    summary="What happened since a position, in an order that never changes",
    parameters=[OpenApiParameter("after", str, description="A cursor of an earlier answer; empty: from the start.")],
    responses=EventPageSerializer,
)
@scope("events")
@api_view(["GET"])
def events(request: Request) -> Response:
    start = outbox.Cursor.parse(request.query_params.get("after", ""))
    found = outbox.after(start, limit=PAGE)
    last = outbox.Cursor(found[-1].tx, found[-1].pk) if found else start
    body = [
        {
            "cursor": f"{event.tx}-{event.pk}",
            "topic": event.topic,
            "key": event.key,
            "payload": event.payload,
            "created_at": event.created_at.isoformat(),
        }
        for event in found
    ]
    return Response({"events": body, "cursor": str(last)})
