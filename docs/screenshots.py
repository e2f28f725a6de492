"""Make the pictures of the README from the demonstration: python docs/screenshots.py [path of Chromium]

Robin's account is made with a seed at a set moment, and served at that moment: the same code gives the same
pictures, but for the typefaces of the machine.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.climbing import ladders, plans
from rung.app.demonstration import NAME, demonstrate
from rung.app.demonstration.living import MovingClock
from rung.web import Settings, create_app

PICTURES = Path(__file__).with_name("screenshots")
END = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PORT = 8731
PHONE, DESKTOP, WHOLE = (390, 844), (1280, 860), (1280, 1350)


def main(chromium: str) -> None:
    """Make Robin's account, serve it, and take a picture of each page in each theme."""
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Path(folder))
        password = secrets.token_urlsafe()
        account = demonstrate(services, password, END)
        services = replace(services, clock=MovingClock(END))
        first = ladders.ladders_of(services, account.id)[0].id
        for plan in plans.planned(services, account.id):
            if plan.at and plan.at < END:
                plans.put_aside(services, account.id, plan.id)
        token = people.sign_in(services, NAME, password)
        app = create_app(services, Settings())
        server = uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="warning", lifespan="off"))
        thread = Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.05)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                for scheme in ("light", "dark"):
                    _take(browser, scheme, token, "today", f"/?ladder={first}", PHONE)
                    _take(browser, scheme, token, "ladder", f"/ladders/{first}", WHOLE)
                    _take(browser, scheme, token, "see", f"/ladders/{first}/see", DESKTOP)
                _take(browser, "dark", token, "ladder-phone", f"/ladders/{first}", PHONE)
                browser.close()
        finally:
            server.should_exit = True
            thread.join()
            services.store.close()


def _take(browser: Browser, scheme: str, token: str, name: str, path: str, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(
        base_url=f"http://localhost:{PORT}",
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == PHONE else 1.5,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    address = f"http://localhost:{PORT}"
    context.add_cookies(
        [
            {"name": "rung", "value": token, "url": address},
            {"name": "rung-language", "value": "en", "url": address},
        ]
    )
    page = context.new_page()
    page.goto(path)
    page.screenshot(path=PICTURES / f"{name}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or "chromium")
