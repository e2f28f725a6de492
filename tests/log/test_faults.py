"""Every fault that a file can have: told once, with its line and column."""

import gzip
from pathlib import Path

import pytest
from tests.log.told import Told, told

from rung.errors import InvalidLog
from rung.log import check_log, read_chunks, read_log

HEADER = "person,domain,task,time,kind,value,difficulty,coping,context,id,extra"
GOOD = "p,d,t,0,judgement,0.5,,,,,"
ID = "123e4567-e89b-12d3-a456-426614174000"


def of_csv(folder: Path, *rows: str, header: str = HEADER) -> Told:
    path = folder / "log.csv"
    path.write_bytes("\n".join([header, *rows, ""]).encode("utf-8", "surrogateescape"))
    return told(path)


BAD_ROWS = [
    (",d,t,0,judgement,0.5,,,,,", "person", "is empty; every event needs a person"),
    ("p,,t,0,judgement,0.5,,,,,", "domain", "is empty; every event needs a domain"),
    ("p,d,t,,judgement,0.5,,,,,", "time", "is empty; every event needs a time"),
    ("p,d,t,0,,0.5,,,,,", "kind", "is empty; every event needs a kind"),
    ("p,d,t,0,judgement,7,,,,,", "value", "7 is not between 0 and 1"),
    ("p,d,t,0,judgement,1.4,,,,,", "value", "1.4 is not between 0 and 1"),
    ("p,d,t,0,judgement,abc,,,,,", "value", "'abc' is not a finite number; write it like 0.5"),
    ("p,d,t,0,judgement,nan,,,,,", "value", "'nan' is not a finite number"),
    ("p,d,t,0,judgement,-inf,,,,,", "value", "'-inf' is not a finite number"),
    ("p,d,t,0,judgement,1_0,,,,,", "value", "'1_0' is not a finite number"),
    ("p,d,t,0,judgement, 0.5,,,,,", "value", "' 0.5' is not a finite number"),
    ("p,d,t,0,judgement,٠,,,,,", "value", "'٠' is not a finite number"),
    ('p,d,t,0,judgement,"1,5",,,,,', "value", "'1,5' is not a finite number"),
    ("p,d,t,0,judgement,0.5,1e999,,,,", "difficulty", "inf is not a finite number"),
    ("p,d,t,0,judgement,,,,,,", "value", "is empty; a judgement needs one"),
    ("p,d,,0,state,0.5,,,,,", "value", "must be empty for a state"),
    ("p,d,t,0,choice,0.5,,,,,", "value", "0.5 is neither 1 (approached) nor 0 (avoided)"),
    ("p,d,t,0,model,1,,0.5,,,", "coping", "0.5 is neither 0 nor 1"),
    ("p,d,t,0,model,1,,2,,,", "coping", "2 is neither 0 nor 1"),
    ("p,d,t,0,choice,1,,,versus:,,", "context", "versus: must name the other task"),
    ("p,d,t,0,choice,1,,,versus:t,,", "context", "versus: must name the other task"),
    ("p,d,t,0,judgement,0.5,,,,123,", "id", "'123' is not a UUID such as"),
    (f"p,d,t,0,judgement,0.5,,,,{ID.replace('-', '')},", "id", "is not a UUID such as"),
    ("p,d,t,0,judgement,0.5,,,,00000000-0000-0000-0000-000000000000,", "id", "is the UUID of nothing"),
    ("p,d,t,soon,judgement,0.5,,,,,", "time", "'soon' is neither a number of seconds nor a timestamp"),
    ("p,d,t,2026-02-30,judgement,0.5,,,,,", "time", "'2026-02-30' is neither"),
    ("p,d,t,2026-02-03T24:00:00,judgement,0.5,,,,,", "time", "'2026-02-03T24:00:00' is neither"),
    ("p,d,t,1e999,judgement,0.5,,,,,", "time", "inf is not a finite number"),
    ("p,d,t,2026-05-01T10:00:00Z,judgement,0.5,,,,,", "time", "is a timestamp, but the file starts with"),
    ("p,d,t,1066-10-14T09:00:00Z,judgement,0.5,,,,,", "time", "must lie in the years 1700 to 2199"),
    ("p,d,t\0,0,judgement,0.5,,,,,", "task", "holds a NUL character; take it out"),
    ("p,d,t,0,judgement,0\0,,,,,", "value", "holds a NUL character; take it out"),
    ("p\udcff,d,t,0,judgement,0.5,,,,,", "person", "is not UTF-8 text ('p\\udcff'); save the file as UTF-8"),
    ("p,d,t,0,judg\udce9ment,0.5,,,,,", "kind", "is not UTF-8 text"),
    ("p,d,t,0,judgement,0.5,,,,,\udcff", "extra", "is not UTF-8 text"),
    (f"p,d,t,0,judgement,0.5,,,{'x' * 131_073},,", "", "or a cell is longer than 131,072 characters"),
    ("p,d,t,0,judgement,0.5,,,,", "", "has 10 cells where the header has 11"),
    ("p,d,t,0,judgement,0.5,,,,,,", "", "has 12 cells where the header has 11"),
    ('p,d,t,0,judgement,0.5,,,"a"b,,', "", "is not CSV"),
    ('p,d,t,0,judgement,0.5,,,"a,,', "", "a quotation mark is opened here and not closed"),
]


@pytest.mark.parametrize("row, column, reason", BAD_ROWS)
def test_one_bad_cell_is_exactly_one_fault(tmp_path: Path, row: str, column: str, reason: str) -> None:
    faults = of_csv(tmp_path, GOOD, GOOD, row)
    assert [(line, where) for line, where, _ in faults] == [(4, column)]
    assert reason in faults[0][2]


def test_an_unknown_kind_is_told_and_its_value_is_not_judged(tmp_path: Path) -> None:
    kinds = "judgement, attempt, feedback, model, persuasion, state, choice, note"
    assert of_csv(tmp_path, "p,d,t,0,guess,,,,,,") == [(2, "kind", f"'guess' is not one of {kinds}")]


def test_all_the_faults_of_a_file_are_told_at_once_in_file_order(tmp_path: Path) -> None:
    rows = [row for row, _, _ in BAD_ROWS][:30]
    mixed = [line for row in rows for line in (GOOD, row)]
    faults = of_csv(tmp_path, *mixed)
    assert [line for line, _, _ in faults] == [3 + 2 * place for place in range(30)]


def test_a_row_with_several_bad_cells_has_a_fault_for_each(tmp_path: Path) -> None:
    faults = of_csv(tmp_path, ",,t,x,guess,2,y,3,,z,")
    assert [column for _, column, _ in faults] == [
        "person",
        "domain",
        "time",
        "kind",
        "value",
        "difficulty",
        "coping",
        "id",
    ]


def test_a_missing_column_is_one_fault_in_line_one(tmp_path: Path) -> None:
    assert of_csv(tmp_path, "p,d,1", header="person,domain,value") == [
        (1, "time", "this column is missing; add it to the header"),
        (1, "kind", "this column is missing; add it to the header"),
    ]


def test_a_column_that_is_nearly_right_is_pointed_out(tmp_path: Path) -> None:
    header = HEADER.replace("person", "Person ")
    assert of_csv(tmp_path, GOOD, header=header) == [
        (1, "person", "this column is missing; 'Person ' must be written 'person'")
    ]


@pytest.mark.parametrize("twice", ["extra", "value", "kind"])
def test_a_column_that_stands_twice_is_one_fault(tmp_path: Path, twice: str) -> None:
    faults = of_csv(tmp_path, GOOD + ",", header=f"{HEADER},{twice}")
    assert faults == [(1, twice, "stands in the header more than once; keep one of them")]


def test_a_column_that_stands_twice_does_not_hide_other_faults(tmp_path: Path) -> None:
    row = "p,d,t,0,judgement,,,,,,,"
    assert [line for line, _, _ in of_csv(tmp_path, row, header=f"{HEADER},extra")] == [1, 2]
    assert [line for line, _, _ in of_csv(tmp_path, row, header=f"{HEADER},value")] == [1]


@pytest.mark.parametrize("mark, shown", [(";", "';'"), ("\t", "'\\t'")])
def test_another_separator_is_one_fault_that_names_it(tmp_path: Path, mark: str, shown: str) -> None:
    faults = of_csv(tmp_path, GOOD.replace(",", mark), header=HEADER.replace(",", mark))
    assert faults == [(1, "", f"the columns are separated by {shown}; save the file with commas")]


def test_an_empty_file_is_a_fault_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "log.csv").touch()
    (tmp_path / "log.jsonl").touch()
    assert told(tmp_path / "log.csv")[0][:2] == (0, "")
    assert told(tmp_path / "log.jsonl")[0][:2] == (0, "")


def test_a_file_in_utf_16_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", "utf-16")
    assert told(path) == [(1, "", "is not UTF-8 text; save the file as CSV in UTF-8")]


def test_a_header_that_is_not_utf_8_is_told_by_column(tmp_path: Path) -> None:
    faults = of_csv(tmp_path, GOOD + ",", header=HEADER + ",gr\udcf6sse")
    assert [(line, column) for line, column, _ in faults] == [(1, "gr?sse")]


def test_a_missing_file_and_a_folder_are_faults(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert told(tmp_path / "none.csv") == [(0, "", "does not exist; check the name")]
    assert told(tmp_path / "folder.csv") == [(0, "", "is a folder; name a file")]


def test_an_ending_that_is_no_format_is_told(tmp_path: Path) -> None:
    for use in (read_log, check_log):
        with pytest.raises(InvalidLog, match="has none of the endings of a log"):
            use(tmp_path / "log.xlsx")


def test_a_file_that_breaks_off_is_told_with_its_other_faults(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    rows = [f"p{row},d,t,0,judgement,{'2' if row == 5 else '0.5'},,,,," for row in range(8_000)]
    whole = gzip.compress("\n".join([HEADER, *rows]).encode())
    path.write_bytes(whole[:-9])
    faults = told(path)
    assert faults[0] == (7, "value", "2 is not between 0 and 1")
    assert faults[1][2].startswith("the file breaks off here")
    assert len(faults) == 2


@pytest.mark.parametrize("damage", [b"no gzip at all", None])
def test_a_damaged_archive_is_one_fault(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "log.jsonl.gz"
    packed = gzip.compress(b'{"person": "p"}' * 100)
    path.write_bytes(damage or packed[:14] + b"\xff\xff\xff" + packed[17:])
    faults = told(path)
    assert len(faults) == 1
    assert "cannot be unpacked from here on" in faults[0][2]


def test_the_line_is_the_one_on_which_the_row_starts(tmp_path: Path) -> None:
    faults = of_csv(
        tmp_path,
        'p,d,t,0,attempt,1,,,"two\nlines",,',
        "",
        "p,d,t,0,attempt,2,,,,,",
        'p,d,t,0,attempt,3,,,"a\r\nb\rc",,',
        "   ",
        "p,d,t,0,attempt,4,,,,,",
    )
    assert [line for line, _, _ in faults] == [5, 6, 10]


def test_a_quote_that_is_never_closed_does_not_hide_what_follows_for_ever(tmp_path: Path) -> None:
    rows = ['p,d,"t,0,judgement,0.5,,,,,', *[GOOD] * 8000, "p,d,t,0,judgement,9,,,,,"]
    faults = of_csv(tmp_path, *rows)
    assert faults[0][0] == 2
    assert faults[-1] == (8003, "value", "9 is not between 0 and 1")


def test_the_first_row_decides_which_sort_of_time_a_file_has(tmp_path: Path) -> None:
    stamped = GOOD.replace(",0,", ",2026-05-01T10:00:00Z,")
    assert [line for line, _, _ in of_csv(tmp_path, stamped, GOOD, stamped, GOOD)] == [3, 5]
    assert [line for line, _, _ in of_csv(tmp_path, GOOD, stamped, GOOD, stamped)] == [3, 5]
    assert [line for line, _, _ in of_csv(tmp_path, GOOD.replace(",0,", ",?,"), stamped, GOOD)] == [2, 4]


def test_an_id_that_stands_for_two_events_is_a_fault_at_the_second(tmp_path: Path) -> None:
    rows = [f"p,d,task,0,judgement,0.5,,,,{ID},", f"p,d,,0,judgement,0.5,,,,{ID},"]
    assert [line for line, _, _ in of_csv(tmp_path, *rows)] == [3]
    rows = [f"p,d,t,0,judgement,0.5,,,,{ID},", GOOD, f"p,d,t,0,judgement,0.6,,,,{ID.upper()},"]
    reason = "is the id of line 2 too, where the event differs; every event needs its own"
    assert of_csv(tmp_path, *rows) == [(4, "id", reason)]
    assert of_csv(tmp_path, *rows, *[GOOD] * 3000, rows[2]) == [(4, "id", reason), (3005, "id", reason)]


def test_an_id_whose_other_columns_differ_stands_for_two_events(tmp_path: Path) -> None:
    row = f"p,d,t,0,judgement,0.5,,,,{ID},"
    assert [column for _, column, _ in of_csv(tmp_path, row, row + "block 2")] == ["id"]


def test_a_faulty_row_is_not_compared_with_others_of_its_id(tmp_path: Path) -> None:
    rows = [f"p,d,t,0,judgement,{value},,,,{ID}," for value in ("0.5", "1.5", "0.5")]
    assert of_csv(tmp_path, *rows) == [(3, "value", "1.5 is not between 0 and 1")]


def test_very_many_faults_are_counted_and_the_first_hundred_thousand_listed(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *["p,d,t,0,judgement,2,,,,,"] * 100_003]))
    check = check_log(path)
    assert check.fault_count == 100_003
    assert len(check.faults) == 100_000
    with pytest.raises(InvalidLog) as refused:
        read_log(path)
    assert refused.value.faults[:-1] == check.faults
    assert refused.value.faults[-1].reason == "and 3 more faults, beyond the 100,000 listed"


def test_chunks_stop_at_the_first_fault(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *[GOOD] * 5, GOOD.replace("0.5", "5"), *[GOOD] * 5]))
    chunks = read_chunks(path, 2)
    assert [len(next(chunks)), len(next(chunks))] == [2, 2]
    with pytest.raises(InvalidLog):
        next(chunks)
