"""The worker's side of the queue inside the database."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from commerce.celery import app


@pytest.mark.parametrize("lost", [psycopg.OperationalError, psycopg.InterfaceError])
@pytest.mark.django_db(transaction=True)
def test_a_message_that_cannot_be_confirmed_takes_no_place(lost: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """F02: the database restarts just then. A worker with one place asks for the next message all the same."""
    queues = app.connection_for_read()
    here = connection.get_connection_params()
    address = make_conninfo("", **{name: here[name] for name in ("host", "user", "dbname") if name in here})
    queues.transport_options = {**queues.transport_options, "conn_string": address}
    with queues, queues.channel() as channel:
        channel.basic_qos(0, 1, False)
        queue = channel.queue_declare("queue-of-a-test").queue
        for text in ("first", "second"):
            message = channel.prepare_message(text, content_type="text/plain", content_encoding="utf-8")
            channel.basic_publish(message, "", queue)
        first = channel.basic_get(queue)
        assert not channel.qos.can_consume()

        def gone(*about: Any) -> None:
            raise lost("server closed the connection unexpectedly")

        monkeypatch.setattr(channel.pgmq, "delete", gone)
        with pytest.raises(lost):
            channel.basic_ack(first.delivery_tag)
        assert channel.qos.can_consume()
        assert channel.basic_get(queue).body != first.body
        monkeypatch.undo()
        channel.queue_delete(queue)
