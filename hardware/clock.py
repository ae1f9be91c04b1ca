"""The time as the bridge writes it down."""

from datetime import UTC, datetime


def now_text() -> str:
    """ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
