"""The command where a package is missing: in a process of its own, so that no module is loaded twice here."""

import subprocess
import sys

__all__ = ["run_without"]


def run_without(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `rung` as if a package were missing."""
    code = f"import sys; sys.modules[{package!r}] = None; from rung.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
