"""How large the report page of 500 institutions is, how long it takes to make, and to open in a browser."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ceping.documents.page import report_page
from tests.factories.report_page import Sample, evaluated

_INSTITUTIONS = 500
_MOST_BYTES = 5_000_000
_MOST_SECONDS = 2.0
_OPENINGS = 5
# Written into a copy of the page whose policy is taken out: when everything the page does on opening is done.
_CLOCK = '<script>addEventListener("load",()=>document.body.dataset.opened=performance.now())</script></body>'


def main() -> int:
    """0 when the page is small and quick enough; prints the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        sample = evaluated(place, institutions=_INSTITUTIONS, events=100_000)
        html, seconds = made(sample)
        size = len(html.encode())
        print(f"page  {_INSTITUTIONS} institutions: {size:,} bytes of {_MOST_BYTES:,}, made in {seconds:.2f} s")
        opened = openings(html, place)
        if opened:
            median = statistics.median(opened)
            print(
                f"page  opened in {median:.2f} s of {_MOST_SECONDS} (median of {_OPENINGS}), worst {max(opened):.2f} s"
            )
        else:
            print("page  not opened: no Chromium here")
        return 1 if size >= _MOST_BYTES or (opened and median >= _MOST_SECONDS) else 0


def made(sample: Sample) -> tuple[str, float]:
    """The page, and the seconds from the results as read to the whole text."""
    begun = time.perf_counter()
    html = report_page(sample.values())
    return html, time.perf_counter() - begun


def openings(html: str, place: Path) -> list[float]:
    """Seconds from the start of loading to the end of the load event, each in a new browser; none without one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return []
    timed = re.sub(r"<meta http-equiv=[^>]*>", "", html, count=1).replace("</body>", _CLOCK)
    (place / "timed.html").write_text(timed, encoding="utf-8")
    seconds = []
    for number in range(_OPENINGS):
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"]
        command += [f"--user-data-dir={place / str(number)}", (place / "timed.html").as_uri()]
        dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        seconds += [float(found) / 1000 for found in re.findall(r'data-opened="([0-9.]+)"', dom)]
    return seconds


if __name__ == "__main__":
    sys.exit(main())
