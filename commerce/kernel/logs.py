"""Lines of the log: one event, one line, whatever a shopper called themselves (T25, T27)."""

import logging

from commerce.kernel.card_numbers import mask_card_numbers

# Line ends of any kind, escape sequences of terminals, and marks that turn the direction of writing.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_UNSAFE |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class LineFormatter(logging.Formatter):
    """Escapes what could forge a line or steer a terminal, and masks card numbers. Only tracebacks span lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return mask_card_numbers(super().formatMessage(record).translate(_UNSAFE))

    def formatException(self, ei: object) -> str:
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(mask_card_numbers(line.translate(_UNSAFE)) for line in lines)
