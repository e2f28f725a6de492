"""Make the icons that a device installs from the logo: python docs/icons.py [path of Chromium]

The two plain ones are the logo as it is. The maskable one fills its square, with the logo's lines inside the
middle four fifths, for a device cuts it to a shape of its own.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src" / "rung" / "web" / "static"
LOGO = (STATIC / "logo.svg").read_text("utf-8")


def main(chromium: str) -> None:
    """Draw each icon in a browser, and take a picture of it."""
    full = re.sub(r' rx="\d+"', "", LOGO).replace(
        '<g fill="none"', '<g transform="translate(7.2 7.2) scale(.7)" fill="none"'
    )
    icons = {"icon.png": (LOGO, 192), "icon-512.png": (LOGO, 512), "icon-maskable.png": (full, 512)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (svg, size) in icons.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            drawn = svg.replace("<svg ", f'<svg width="{size}" height="{size}" style="display:block" ')
            page.set_content(f'<body style="margin:0;background:transparent">{drawn}')
            page.screenshot(path=STATIC / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or "chromium")
