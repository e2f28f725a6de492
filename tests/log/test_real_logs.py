"""Real logs of published studies, where they are at hand; none of them is part of the project."""

import os
from pathlib import Path

import pytest

from rung.engine.events import check_event
from rung.errors import InvalidLog
from rung.log import read_log, write_log

FOLDER = Path(os.environ.get("RUNG_DATA") or Path(__file__).parents[3] / "shared" / "data")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the development data is not here; set RUNG_DATA to its folder"
)

ROWS = {
    "hewitson2023_exp1": 11_308,
    "hewitson2023_exp3": 9_250,
    "ledenmat2025": 288_036,
    "moebius2022": 12_259,
    "moebius2022_tournament": 292,
    "sax2023_exp1": 30_510,
}


@pytest.mark.parametrize("name", ROWS)
def test_a_real_log_is_read_and_written_back(name: str, tmp_path: Path) -> None:
    log = read_log(FOLDER / f"{name}.csv.gz")
    assert len(log) == ROWS[name]
    assert not log.timestamps
    for event in log.events(log.people()[0]):
        check_event(event)
    for ending in (".csv.gz", ".jsonl", ".parquet"):
        write_log(log, tmp_path / f"log{ending}")
        assert read_log(tmp_path / f"log{ending}") == log


def test_a_table_that_is_no_log_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(InvalidLog) as refused:
        read_log(FOLDER / "norbury2025_attribution.csv.gz")
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (1, "domain"),
        (1, "time"),
        (1, "kind"),
    ]
