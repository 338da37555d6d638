"""The charts' scripts are among the static files, under one address, and nothing else of the folders they lie in."""

from pathlib import Path

from django.contrib.staticfiles import finders

from ceping.web.ui.charts import ChartsFinder

SCRIPTS = {"echarts.js", "charts.js", "drawing.js"}


def test_every_script_is_found_and_collected_and_nothing_else() -> None:
    finder = ChartsFinder()
    listed = {name: Path(storage.path(name)) for name, storage in finder.list(None)}
    assert set(listed) == SCRIPTS
    for name, path in listed.items():
        assert path.is_file()
        assert finder.find(f"ui/charts/{name}") == str(path) == finders.find(f"ui/charts/{name}")
    for other in ("ui/charts/renew.py", "ui/charts/report.js", "ui/echarts.js", "ui/charts/../charts/echarts.js"):
        assert not finder.find(other)
        assert not finder.find(other, find_all=True)
