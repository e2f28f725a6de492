"""The report of `rung bench` in a real browser: a phone and a desk, light and dark."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser
from tests.research.logs import study
from tests.research.toys import AVERAGE, CONSTANT, LAST

from rung.research.benchmark import run_benchmark
from rung.research.report import report
from rung.research.rivals.theory import THEORY


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_loads_nothing_and_is_accessible(
    width: int, scheme: Literal["light", "dark"], chromium: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(report([run_benchmark(study(), "study.csv", (THEORY, LAST, AVERAGE, CONSTANT))]), "utf-8")
    with chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url))
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert said == [path.as_uri()]
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
