"""The rivals that need a package of an extra, and those that cannot be tried here for want of it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

__all__ = ["NOT_INSTALLED", "skip_without_its_package"]

_PACKAGES = {"gradient boosting": "sklearn", "HGF": "pyhgf"}
NOT_INSTALLED = {rival for rival, package in _PACKAGES.items() if find_spec(package) is None}
"""Names of rivals whose package is not installed."""


def skip_without_its_package(rival: str) -> None:
    """Skip the test where the package of the rival of this name is not installed."""
    if rival in NOT_INSTALLED:
        pytest.skip(f"{rival} needs {_PACKAGES[rival]}, which is not installed")
