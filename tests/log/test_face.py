import subprocess
import sys

import rung.log


def test_the_public_names_are_sorted_and_there() -> None:
    assert rung.log.__all__ == sorted(rung.log.__all__)
    public = {name for name in vars(rung.log) if not name.startswith("_") and name != "annotations"}
    assert public == set(rung.log.__all__)


def test_importing_the_package_does_not_import_pyarrow() -> None:
    check = "import sys, rung.log; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
