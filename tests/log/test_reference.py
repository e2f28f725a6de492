import re
from pathlib import Path

import pytest

from rung.errors import InvalidLog
from rung.log import read_log

PAGE = Path(__file__).parents[2] / "docs" / "evidence-log.md"


def test_the_example_of_the_page_is_a_log(tmp_path: Path) -> None:
    example = re.search(r"```csv\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "talks.csv"
    path.write_text(example[1], "utf-8")
    assert [event.kind for event in read_log(path).events()] == ["judgement", "attempt", "judgement"]


def test_the_faults_of_the_page_are_what_the_reader_says(tmp_path: Path) -> None:
    good = "p,d,t,0,judgement,0.5,,,\n"
    rows = [good] * 8
    rows[1] = "p,d,t,0,judgement,1.4,,,\n"
    rows[5] = "p,d,t,0,atempt,0.5,,,\n"
    rows[7] = "p,d,t,0,judgement,0.5,,\n"
    path = tmp_path / "talks.csv"
    path.write_text("person,domain,task,time,kind,value,feedback,feared,happened\n" + "".join(rows), "utf-8")
    with pytest.raises(InvalidLog) as refused:
        read_log(path)
    told = "".join(f"{fault._replace(file='talks.csv')}\n" for fault in refused.value.faults)
    shown = re.search(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    assert told == shown[1]
