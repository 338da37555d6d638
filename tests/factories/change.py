"""Ways to spoil one file of a season, by name."""

from collections.abc import Callable

from tests.factories.season import Trial

Change = Callable[[Trial], None]
Found = list[tuple[str, str, str]]


def replaced(name: str, old: str, new: str) -> Change:
    return lambda trial: trial.replace(name, old, new)


def appended(name: str, line: str) -> Change:
    return lambda trial: trial.append(name, line)


def dropped(name: str) -> Change:
    return lambda trial: (trial.folder / name).unlink()


def without_line(name: str, start: str) -> Change:
    def change(trial: Trial) -> None:
        lines = trial.text(name).splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) == len(lines) - 1, start
        trial.write(name, "".join(kept))

    return change


def as_bytes(name: str, change: Callable[[bytes], bytes]) -> Change:
    def apply(trial: Trial) -> None:
        path = trial.folder / name
        path.write_bytes(change(path.read_bytes()))

    return apply
