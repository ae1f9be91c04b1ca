"""Run the stand-in printer.

PRINTER_PORT (8002) takes ESC/POS bytes, PRINTER_PREVIEW_PORT (8003) shows the paper, PRINTER_DATA keeps it,
PRINTER_DOTS (512) is the width of the print head. All on 127.0.0.1 unless PRINTER_HOST says otherwise.
"""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from commerce.sandbox.receipt_printer.paper import Tray
from commerce.sandbox.receipt_printer.printer import ReceiptPrinter
from commerce.sandbox.receipt_printer.web import application

log = logging.getLogger("receipt_printer")


def main() -> int:
    """Run until told to stop. Exit code 1 when a port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    try:
        asyncio.run(_run())
    except OSError as error:
        log.error("The receipt printer cannot start: %s", error)
        return 1
    return 0


async def _run() -> None:
    environ = os.environ
    host = environ.get("PRINTER_HOST", "127.0.0.1")
    default_data = Path(environ.get("COUNTERPART_DATA", ".data")) / "receipt_printer"
    tray = Tray(Path(environ.get("PRINTER_DATA", default_data)))
    port, preview_port = int(environ.get("PRINTER_PORT", "8002")), int(environ.get("PRINTER_PREVIEW_PORT", "8003"))
    printer = ReceiptPrinter(tray, host=host, port=port, dots=int(environ.get("PRINTER_DOTS", "512")))
    await printer.start()
    runner = web.AppRunner(application(printer), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, host, preview_port).start()
    log.info("printing on %s:%d, paper at http://%s:%d/", host, printer.port, host, preview_port)
    stopped = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    await stopped.wait()
    await printer.stop()
    await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
