"""The aiohttp application: API, control API and pages on one port."""

from collections.abc import AsyncIterator

from aiohttp import web

from .api import Api
from .config import Config
from .control import Control
from .network import Network
from .pages import Pages

LARGEST_BODY = 1024 * 1024


def create_app(config: Config) -> web.Application:
    """The application; it reads its journal when it starts and closes it when it stops."""
    network = Network(config)
    app = web.Application(client_max_size=LARGEST_BODY)
    api = Api(network)
    app.router.add_route("*", "/v1/{rest:.*}", api.answer)
    app.router.add_routes(Control(network).routes())
    app.router.add_routes(Pages(network).routes())

    async def living(_: web.Application) -> AsyncIterator[None]:
        await network.start()
        yield
        await network.stop()

    app.cleanup_ctx.append(living)
    return app
