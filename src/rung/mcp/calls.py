"""What an assistant asked for: one line of JSON for each call, with ids and without words."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rung.errors import InvalidInput

__all__ = ["Calls"]

_IDS = ("ladder", "step", "event", "plan")
"""Arguments that say what a call was about."""
_ID = re.compile(r"[0-9a-f-]{36}")


class Calls:
    """Appends to a file for its owner's eyes alone; what cannot be noted is not asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._opened():
                pass
        except OSError as error:
            raise InvalidInput(
                f"Calls cannot be noted in {path}: {error.strerror}. Name another file with --calls"
            ) from error

    def note(self, tool: str, about: Mapping[str, Any], came: str) -> None:
        """Note a call, what it was about, and what came of it: `asked`, `answered`, or why it was refused."""
        # Whatever is no id could be a word of somebody: it stays out.
        ids = {name: about[name] for name in _IDS if _ID.fullmatch(str(about.get(name) or ""))}
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "tool": tool, **ids, "came": came}
        with self._lock, self._opened() as descriptor:
            descriptor.write(json.dumps(line) + "\n")

    def _opened(self) -> Any:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")
