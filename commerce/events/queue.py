"""The queue inside the database, for workers that outlive the database."""

from typing import Any

from kombu.transport import pgmq
from psycopg import InterfaceError, OperationalError


class Channel(pgmq.Channel):
    """A channel whose place for a message becomes free even if the database goes away while the message is confirmed.

    Celery logs that failure and goes on; with its one place taken a worker would never ask for a message again, and
    so never learn that it lost its connection. The message itself comes again after its time: tasks can be repeated.
    """

    def basic_ack(self, delivery_tag: Any, multiple: bool = False) -> None:
        try:
            super().basic_ack(delivery_tag, multiple=multiple)
        except (OperationalError, InterfaceError):
            self.qos.ack(delivery_tag)
            raise


class Transport(pgmq.Transport):
    """What `pgmq://` means here."""

    Channel = Channel
