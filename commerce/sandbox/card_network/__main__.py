"""Run the card network: ``python -m commerce.sandbox.card_network``.

It answers the Stripe HTTP API on loopback. Point the real client at it::

    stripe.StripeClient("sk_test_counterpart", base_addresses={"api": "http://127.0.0.1:8001"})

and load ``http://127.0.0.1:8001/js/`` in the checkout page where Stripe.js would be loaded.

Settings (environment)
    CARD_NETWORK_PORT               8001
    CARD_NETWORK_HOST               127.0.0.1
    CARD_NETWORK_DATA               directory of the journal; default COUNTERPART_DATA/card_network
    CARD_NETWORK_SECRET_KEY         sk_test_counterpart
    CARD_NETWORK_PUBLISHABLE_KEY    pk_test_counterpart
    CARD_NETWORK_WEBHOOK_URL        told of every event, signed with CARD_NETWORK_WEBHOOK_SECRET
    CARD_NETWORK_WEBHOOK_RETRIES    seconds between the attempts of a delivery, separated by commas
    CARD_NETWORK_READER_AUTO_PRESENT  seconds after which simulated readers present a card by themselves; default never
    CARD_NETWORK_READERS            readers that are there from the start: tmr_front=Front counter;tmr_back=Back
    CARD_NETWORK_HISTORY            a file of payments from before the network began (``history.py``); default none
    CARD_NETWORK_ORIGINS            origins beyond loopback whose pages may use the publishable key

Test cards
    Numbers and names are those of the real network's test mode (``cards.py`` has them all): 4242424242424242 and
    pm_card_visa pay; 4000000000000002 is declined, …9995 lacks funds, …0069 has expired, …0127 has a wrong security
    code, …0119 fails in processing; 4000002500003155 and 4000000000003220 (pm_card_authenticationRequired,
    pm_card_threeDSecure2Required) ask for 3-D Secure; 4000000000000259 (pm_card_createDispute) pays and is contested
    half a second later; pm_card_pendingRefund and pm_card_refundFail have refunds that arrive late or come back.
    One card is our own: **4000000000006975, pm_card_timeout** is charged, but the answer is lost. The first three
    answers under an idempotency key are cut (so the client's own retries do not heal it), the fourth is the stored
    success. A browser sees a network error.
    Money of a charge with the default capture_method ``automatic_async`` reaches the balance 0.4 s later: as at the
    real network, ``balance_transaction`` is null until charge.updated; ``capture_method=automatic`` fills it at once.

Control API (JSON bodies; every answer is JSON; calls from other origins' pages are refused)
    GET  /_control/health
    GET  /_control/overview            what the dashboard at / shows
    GET  /_control/charges?metadata_key=order
         {count, amount, refunded, by: {value: {count, amount, refunded}}} of succeeded, captured charges, minor units
    POST /_control/reset               forget everything
    POST /_control/faults              {kind, method, path, times, seconds}: the next ``times`` (1) calls whose method
         (POST; * for any) and path (* matches any text) fit.
         delay         wait ``seconds`` before anything runs (the key is held meanwhile: 409 for a second call)
         delay_after   wait ``seconds`` between the commit and the answer, so webhooks come first
         error         500 before anything ran; not remembered by the key
         error_after   500 after the commit; the key remembers the 500
         drop          cut the connection before anything ran
         drop_after    cut the connection after the commit; the key remembers the real answer
    GET, DELETE /_control/faults       list; clear. A restart clears as well
    POST /_control/webhooks            any of {mode, duplicate, order, delay, window, concurrency, omit}
         mode          on; off (events exist, nothing is ever sent); hold (sent when on again); silent (no event at all)
         duplicate     send each delivery this many times more, at the same moment
         order         created, reverse or shuffle: collect for ``window`` (0.3) seconds, then send in that order
         delay         seconds between event and delivery;  concurrency  deliveries at once (4)
         omit          event types (charge.*) that are never sent
    GET  /_control/webhooks            the script and the latest deliveries
    POST /_control/webhooks/replay     {events: [id, …]} deliver again, in this order
    POST /_control/clock               {advance: seconds}: keys expire, holds lapse, funds become available, payouts go
    POST /_control/search              {lag: seconds}: searches miss what is younger
    POST /_control/refunds             {fail_next: n, reason}: the next refunds succeed and then fail
    POST /_control/refunds/ID/fail     {reason}: this refund fails now
    POST /_control/disputes            {charge | payment_intent, reason, amount, inquiry}
    POST /_control/disputes/ID         {verdict: won | lost | escalate}
    POST /_control/payouts             pay the available balance out now;  /_control/payouts/ID/fail
    GET  /_control/readers/ID          what the reader's screen shows
    POST /_control/readers/ID          {auto_present: seconds or null, outcome: approve | decline | cancel | timeout,
         busy: true | false, status: online | offline}
    POST /_control/readers/ID/present  {number} a card is held to it;  /decline  one that is refused;  /cancel
"""

import asyncio
import logging
import os
import signal
import sys

from aiohttp import web

from .app import create_app
from .config import Config, ConfigError
from .journal import JournalError


async def serve(config: Config) -> None:
    """Run until interrupted."""
    runner = web.AppRunner(create_app(config), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port).start()
        print(f"Card network: http://{config.host}:{config.port}/", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> int:
    """The process: 0 after an interruption, 1 with a sentence when it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        config = Config.from_environment(os.environ)
        run(config)
    except (ConfigError, JournalError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The card network cannot start: {error.strerror or error}.", file=sys.stderr)
        return 1
    return 0


def run(config: Config) -> None:
    """Serve until SIGINT or SIGTERM."""

    async def until_signaled() -> None:
        task = asyncio.ensure_future(serve(config))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    asyncio.run(until_signaled())


if __name__ == "__main__":
    sys.exit(main())
