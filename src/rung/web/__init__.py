"""The pages: a FastAPI application over the use cases, rendered on the server, working without script."""

from rung.web.main import create_app
from rung.web.settings import Settings

__all__ = ["Settings", "create_app"]
