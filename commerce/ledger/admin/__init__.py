"""The books in the back office."""

from commerce.ledger.admin.exports import ExportBatchAdmin
from commerce.ledger.admin.journal import SOURCES, WORDS, AccountAdmin, JournalEntryAdmin

__all__ = ["SOURCES", "WORDS", "AccountAdmin", "ExportBatchAdmin", "JournalEntryAdmin"]
