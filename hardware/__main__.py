"""Run the bridge: `python -m hardware`. Settings: see `hardware.config`. `--unpair` makes it forget every page."""

import asyncio
import logging
import os
import signal
import sys

from aiohttp import web

from hardware.bridge import Bridge
from hardware.config import Config, ConfigError, load
from hardware.pairing import Pairing
from hardware.server import application
from hardware.storage import AlreadyRunning, private_folder, take_lock

log = logging.getLogger("hardware")


class _OneLine(logging.Formatter):
    """Log lines without control characters: names and codes come from outside."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(char if char in "\n\t" or char.isprintable() else repr(char)[1:-1] for char in text)


def main(arguments: list[str]) -> int:
    """Run until told to stop. Exit code 1, after one sentence, when it cannot."""
    console = logging.StreamHandler()
    console.setFormatter(_OneLine("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[console], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    for chatty in ("barcode", "PIL", "escpos"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        config = load(dict(os.environ))
        lock = take_lock(private_folder(config.data))
        with lock:
            if "--unpair" in arguments:
                log.info("forgot %d pages", Pairing(config.data, config.pairing).forget_all())
            else:
                asyncio.run(_run(config))
    except (ConfigError, AlreadyRunning, OSError) as error:
        log.error("The bridge cannot start: %s", error)
        return 1
    return 0


async def _run(config: Config) -> None:
    bridge = Bridge(config)
    runner = web.AppRunner(application(bridge), shutdown_timeout=2, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", config.port).start()
    await bridge.start()
    printers = ", ".join(f"{printer.name} at {printer.url}" for printer in config.printers) or "no printer"
    log.info("bridge on http://127.0.0.1:%d with %s, for %s", config.port, printers, ", ".join(config.origins))
    if not bridge.pairing.tokens and config.pairing == "code":
        bridge.pairing.new_code()
    stopped = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        try:
            asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt
            break
    await stopped.wait()
    await runner.cleanup()
    await bridge.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
