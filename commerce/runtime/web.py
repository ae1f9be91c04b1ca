"""One web process on a listening socket that its supervisor holds: `python -m commerce.runtime.web DESCRIPTOR`.

The socket outlives the process, so a restarted one loses no connection. uvicorn's own `--fd` takes every descriptor for
a Unix socket, which hides the client's address and leaves small answers waiting for an acknowledgement.
"""

import signal
import socket
import sys

import uvicorn


def main() -> None:
    """Serve until SIGTERM; requests under way get three seconds to end, live streams are closed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn sends it again when done; leave by the front door
    listener = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "commerce.asgi:application",
        access_log=False,
        log_level="warning",
        ws="none",
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
