"""The session sheet on the page and on paper, scaled goals, and what odd input does to them."""

import re
import string
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from tests.databases import SetClock, counted
from tests.web.stage import Past, Visitor, path_of

from rung.app import evidence, scaling
from rung.app.climbing import ladders
from rung.app.model import Did, LadderId, Reflection
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets import sheet
from rung.app.sheets.focus import RULES
from rung.web import printing
from rung.web.printing import paper_of, sheet_pdf
from rung.web.views.sheet import SheetView, sheet_view
from rung.web.views.sheet_focus import FOCUS
from rung.web.views.sheet_parts import Line, SheetPart
from rung.words import speaking

A4, LETTER = (595, 842), (612, 792)
LEVELS = ("nothing at all", "a little", "as I hope", "more", "much more")


def view_of(services: Services, past: Past, fields: frozenset[Field] = ALL_FIELDS) -> SheetView:
    return sheet_view(sheet(services, past.person, past.person, past.ladder, fields=fields))


def pdf_of(view: SheetView) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(sheet_pdf(view, "DE", datetime(2026, 11, 23, tzinfo=UTC)))


def text_of(document: pypdfium2.PdfDocument) -> str:
    found = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(found.split())


def test_the_page_says_what_stands_on_the_sheet(robin: Visitor, past: Past) -> None:
    page = robin.page(f"/ladders/{past.ladder}/sheet")
    for title in ("Worth looking at", "In this time", "Step by step", "Feared, and what happened"):
        assert f"{title}</h2>" in page
    assert "<bdi>9. Have the whole conversation</bdi>" in page
    assert "Not shared" not in page
    assert f'href="/ladders/{past.ladder}/sheet.pdf?since=2026-10-26&amp;until=2026-11-23"' in page
    assert f'href="/ladders/{past.ladder}/sheet"' in robin.page(f"/ladders/{past.ladder}")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_part_that_is_not_shared_is_named_and_nothing_of_it_is_told(
    sqlite_services: Services, past: Past
) -> None:
    view = view_of(sqlite_services, past, ALL_FIELDS - {Field.FEARS, Field.TEXTS})
    assert view.not_shared == "Not shared: what was feared, and what happened; what was written."
    assert {"fears"}.isdisjoint(part.key for part in view.parts)
    bare = view_of(sqlite_services, past, frozenset())
    assert bare.parts == ()
    assert bare.empty == "", "there might be something, or nothing: that is not told"


def test_a_period_can_be_chosen(robin: Visitor, past: Past) -> None:
    base = f"/ladders/{past.ladder}/sheet"
    page = robin.page(f"{base}?since=2026-11-22&until=2026-11-23")
    assert "Nothing was tried." in page
    assert 'value="2026-11-22"' in page
    for since, until in (("2026-11-23", "2026-11-01"), ("2030-01-01", ""), ("soon", ""), ("0001-01-01", "")):
        response = robin.get(base, params={"since": since, "until": until})
        assert response.status_code == 422
        assert 'id="since-fault"' in response.text
        assert path_of(robin.get(f"{base}.pdf", params={"since": since, "until": until})) == base


def test_a_session_is_kept_and_deleted(robin: Visitor, past: Past, clock: SetClock) -> None:
    base = f"/ladders/{past.ladder}"
    assert path_of(robin.send_form(f"{base}/sessions")) == f"{base}/sheet?said=kept"
    clock.move(days=7)
    page = robin.page(f"{base}/sheet")
    assert "23 Nov 2026 to 30 Nov 2026" in page
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert at
    assert robin.send_form(f"{base}/sessions/delete", at="never").status_code == 404
    assert path_of(robin.send_form(f"{base}/sessions/delete", at=at[1])) == f"{base}/sheet?said=gone"
    assert "sessions/delete" not in robin.page(f"{base}/sheet")


def test_the_page_takes_few_queries(robin: Visitor, past: Past, sqlite_services: Services) -> None:
    for path in ("sheet", "sheet.pdf", "scaling"):
        with counted(sqlite_services) as queries:
            assert robin.get(f"/ladders/{past.ladder}/{path}").status_code == 200
        assert len(queries) <= 15, path


def test_the_pdf_is_one_tagged_page_with_its_fonts_and_words(robin: Visitor, past: Past) -> None:
    response = robin.get(f"/ladders/{past.ladder}/sheet.pdf")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["cache-control"] == "no-store"
    data = response.content
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    assert document.get_metadata_value("Title").endswith(": session sheet")
    assert document.is_tagged()
    assert b"/Lang" in data
    assert b"pdfuaid:part" in data
    text = text_of(document)
    assert "Step by step" in text
    assert "Say one thing I’d change, with notes in hand" in text
    assert b"/FontFile" in data


def test_paper_is_that_of_the_reader() -> None:
    for zone, country, paper in (
        ("America/New_York", "DE", "us-letter"),
        ("Europe/Berlin", "US", "a4"),
        ("UTC", "US", "us-letter"),
        ("UTC", "DE", "a4"),
        ("America/Mexico_City", "DE", "us-letter"),
    ):
        with speaking("en", zone):
            assert paper_of(country) == paper, zone


@pytest.mark.parametrize(("zone", "size"), [("Europe/Berlin", A4), ("America/Chicago", LETTER)])
def test_the_page_has_that_size(
    sqlite_services: Services, past: Past, zone: str, size: tuple[int, int]
) -> None:
    with speaking("en", zone):
        width, height = pdf_of(view_of(sqlite_services, past))[0].get_size()
    assert (round(width), round(height)) == size


def test_arabic_reads_from_the_right(sqlite_services: Services, past: Past) -> None:
    named = ladders.name_ladder(sqlite_services, past.person, "محادثات صعبة", ["أقول رأيي"])
    with speaking("ar", "Africa/Cairo"):
        view = sheet_view(sheet(sqlite_services, past.person, past.person, named.id))
        document = pdf_of(view)
    assert len(document) == 1
    page = document[0].get_textpage()
    text = page.get_text_range()
    assert "محادثات صعبة" in text
    place = text.index("محادثات")
    first, last = page.get_charbox(place), page.get_charbox(place + len("محادثات") - 1)
    assert first[0] > last[0], "the first letter stands to the right of the last"
    assert first[2] > document[0].get_size()[0] * 0.8, "at the right margin"


def long_view(view: SheetView, lines: int, length: int) -> SheetView:
    text = "word " * (length // 5)
    more = tuple(f"and {left} more" for left in range(1, lines + 1))
    parts = tuple(
        replace(part, lines=tuple(Line(f"{place} {text}", text) for place in range(lines)), more=more)
        if part.key in ("happened", "fears", "told")
        else part
        for part in view.parts
    )
    return replace(view, parts=parts)


@pytest.mark.parametrize(("lines", "length"), [(30, 40), (100, 90), (8, 150)])
def test_long_lists_are_cut_with_how_many_more_there_are(
    sqlite_services: Services, past: Past, lines: int, length: int
) -> None:
    document = pdf_of(long_view(view_of(sqlite_services, past), lines, length))
    assert len(document) == 1
    cut = re.findall(r"and (\d+) more", text_of(document))
    assert len(cut) == 3
    assert all(0 < int(left) < lines for left in cut)


def test_what_cannot_fit_flows_on_instead_of_being_lost(sqlite_services: Services, past: Past) -> None:
    view = view_of(sqlite_services, past)
    endless = SheetPart("told", "What was made of it", ("word " * 3000 + "the end",))
    document = pdf_of(replace(view, parts=(endless,)))
    assert len(document) > 1
    assert "the end" in text_of(document)


HOSTILE = (
    '#read("/etc/passwd") $x$ *bold* _it_ `raw` <label> @ref // no \\ "\'& {{7*7}} <script>alert(1)</script>'
)


def test_nothing_that_somebody_wrote_is_markup(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    named = ladders.name_ladder(sqlite_services, past.person, HOSTILE, [HOSTILE])
    told = evidence.record(sqlite_services, past.person, named.id, named.steps[0].id, Did.DONE)
    evidence.reflect(sqlite_services, past.person, told, Reflection(what_helped=HOSTILE, cause="me"))
    clock.move(hours=1)
    assert "<script>alert" not in robin.page(f"/ladders/{named.id}/sheet")
    text = text_of(pypdfium2.PdfDocument(robin.get(f"/ladders/{named.id}/sheet.pdf").content))
    for part in ('#read("/etc/passwd")', "$x$ *bold* _it_ `raw` <label> @ref // no", "{{7*7}} <script>"):
        assert part in text


@pytest.mark.parametrize("name", ["漢字 and 😀 and हिन्दी", "\u200f\u202eturned", "e\u0301" * 50, "x" * 200])
def test_letters_without_a_font_and_odd_ones_still_make_a_page(
    robin: Visitor, sqlite_services: Services, past: Past, name: str
) -> None:
    named = ladders.name_ladder(sqlite_services, past.person, name, [name] * 12)
    document = pypdfium2.PdfDocument(robin.get(f"/ladders/{named.id}/sheet.pdf").content)
    assert len(document) == 1
    assert document.is_tagged()


def test_the_fonts_come_with_their_licence() -> None:
    folder = Path(printing.__file__).parent / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()
    assert {path.suffix for path in folder.iterdir()} == {".ttf", ".txt"}


def test_every_rule_has_words_with_the_numbers_that_it_gives() -> None:
    assert set(RULES) - set(FOCUS) == {"bridge", "next"}
    for alone, with_step in FOCUS.values():
        assert alone or with_step
        for words in filter(None, (alone, with_step)):
            assert set(re.findall(r"%\((\w+)\)s", words)) <= {
                "step", "passed", "occasions", "weeks", "points", "missed", "tries", "expected", "worked",
                "feared", "happened", "plans",
            }  # fmt: skip


def test_a_sheet_speaks_to_two(sqlite_services: Services, past: Past) -> None:
    view = view_of(sqlite_services, past)
    said = [words for part in view.parts for words in (*part.words, part.note, part.title)]
    said += [line.small for part in view.parts for line in part.lines]
    for words in said:
        assert not {"you", "your", "yourself"} & set(words.lower().strip(string.punctuation).split()), words


def goal(**fields: str) -> dict[str, str]:
    return {
        "name": "Speak up",
        "weight": "2",
        **{f"level_{n}": words for n, words in enumerate(LEVELS)},
        **fields,
    }


def test_goals_are_scaled_noted_and_begun_anew(
    robin: Visitor, sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    base = f"/ladders/{past.ladder}/scaling"
    assert "Scale a goal" in robin.page(base)
    assert path_of(robin.send_form(f"{base}/goals", **goal())) == f"{base}?said=added"
    assert path_of(robin.send_form(f"{base}/notes", level_0="-1")) == f"{base}?said=noted"
    clock.move(days=14)
    assert path_of(robin.send_form(f"{base}/notes", level_0="1")) == f"{base}?said=noted"
    page = robin.page(base)
    assert "T-score 60: on the whole further than was expected (50)." in page
    assert page.count("<tr><td>") == 2
    assert "Keep this goal" not in page
    response = robin.send_form(f"{base}/goals", **goal(name="Late"))
    assert response.status_code == 422
    assert "begin anew" in response.text
    shown = robin.page(f"/ladders/{past.ladder}/sheet")
    assert "T-score 60" in shown
    assert "more than expected: more" in shown
    assert path_of(robin.send_form(f"{base}/anew")) == f"{base}?said=anew"
    assert "T-score" not in robin.page(base)


@pytest.mark.parametrize(
    "sent", [goal(name=""), goal(level_2=""), goal(weight="9"), goal(weight="x"), goal(level_0="x" * 300)]
)
def test_a_goal_with_a_fault_is_told_and_what_was_typed_is_kept(
    robin: Visitor, past: Past, sent: dict[str, str]
) -> None:
    response = robin.send_form(f"/ladders/{past.ladder}/scaling/goals", **sent)
    assert response.status_code == 422
    assert 'class="fault"' in response.text
    assert f'value="{sent["level_4"]}"' in response.text


def test_a_level_that_is_missing_or_none_is_told(robin: Visitor, past: Past) -> None:
    base = f"/ladders/{past.ladder}/scaling"
    robin.send_form(f"{base}/goals", **goal())
    for level in ("", "3", "up", "1e3"):
        response = robin.send_form(f"{base}/notes", level_0=level)
        assert response.status_code == 422, level
        assert 'id="noted-fault"' in response.text


def test_a_goal_is_taken_out_and_a_refused_one_leads_to_help(
    robin: Visitor, sqlite_services: Services, past: Past
) -> None:
    base = f"/ladders/{past.ladder}/scaling"
    robin.send_form(f"{base}/goals", **goal())
    _, found = scaling.scaling_of(sqlite_services, past.person, LadderId(past.ladder))
    assert path_of(robin.send_form(f"{base}/goals/remove", goal=found.goals[0].id)) == f"{base}?said=removed"
    assert robin.send_form(f"{base}/goals/remove", goal=found.goals[0].id).status_code == 404
    refused = robin.send_form(f"{base}/goals", **goal(name="double my dose"))
    assert refused.status_code == 422
    assert "Keep this goal" not in refused.text


def test_days_are_those_of_the_person(robin: Visitor, past: Past, clock: SetClock) -> None:
    clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    robin.cookies.set("rung-zone", "Asia/Tokyo", domain="localhost.local")
    page = robin.page(f"/ladders/{past.ladder}/sheet?since=2026-11-24&until=2026-11-24")
    assert "24 Nov 2026 to 24 Nov 2026" in page
