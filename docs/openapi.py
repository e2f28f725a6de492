"""Write docs/openapi.json anew: the description of the interface for programs, as a server gives it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from rung.web.api import create_api
from rung.web.api.description import written


class _Nothing:
    """The description needs no services."""

    clock: Any = None


def main() -> None:
    """Write the file."""
    api = create_api(cast(Any, _Nothing()))
    (Path(__file__).parent / "openapi.json").write_text(written(api), encoding="utf-8")


if __name__ == "__main__":
    main()
