"""Who assesses whom in a season: pins held against conflicts and assignments."""

from tests.factories.season import JIA, YI, Trial

PINS = "assessor_id,uscc,indicator_id,reason,by,on\n"


def pinned(trial: Trial, assessor: str, uscc: str, item: str = "") -> None:
    trial.write("pins.csv", PINS + f"{assessor},{uscc},{item},熟悉该类服务,李经办,2022-01-05\n")


def test_a_pin_that_was_assigned_is_fine(trial: Trial) -> None:
    pinned(trial, "A1", JIA)
    assert trial.findings() == (0, [])


def test_a_pin_that_was_not_assigned_is_a_warning(trial: Trial) -> None:
    pinned(trial, "A3", YI)
    assert trial.findings() == (0, [("pin_unassigned", "pins.csv", "第 2 行 assessor_id")])


def test_a_pin_against_a_conflict_is_refused(trial: Trial) -> None:
    trial.append("conflicts.csv", f"A3,{YI},declared,")
    pinned(trial, "A3", YI)
    code, found = trial.findings()
    assert code == 1
    assert ("pin_conflicted", "pins.csv", "第 2 行 assessor_id") in found
