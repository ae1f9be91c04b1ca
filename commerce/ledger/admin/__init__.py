"""The books in the back office."""

from commerce.ledger.admin.exports import ExportBatchAdmin
from commerce.ledger.admin.journal import SOURCES, AccountAdmin, JournalEntryAdmin, word_of

__all__ = ["SOURCES", "AccountAdmin", "ExportBatchAdmin", "JournalEntryAdmin", "word_of"]
