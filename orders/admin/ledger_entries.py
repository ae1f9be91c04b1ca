"""Journal entries beside the document that they were written for."""

from typing import Any
from uuid import UUID

from commerce.ledger.admin import word_of
from commerce.ledger.models import JournalEntry


def entries_of(*sources: UUID) -> list[tuple[Any, JournalEntry]]:
    """(word, entry) of everything that was posted for documents, by their uids; two statements."""
    found = JournalEntry.objects.filter(source_uid__in=sources).order_by("pk").prefetch_related("postings__account")
    return [(word_of(entry), entry) for entry in found]
