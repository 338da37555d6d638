"""Who assesses whom in a season: pins held against conflicts and assignments, employers against institutions."""

import pytest

from ceping.folder.employers import employed_in
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


@pytest.mark.parametrize(
    ("employer", "how"),
    [
        ("上海甲服务有限公司", "same"),
        ("上海甲服务有限责任公司", "same"),
        (" 上海甲服务　有限公司 ", "same"),
        ("上海甲服务有限公司浦东分公司", "near"),
        ("甲服务有限公司", "near"),
        ("上海申服务有限公司", "near"),
        ("上海市甲服务有限公司", "near"),
        ("上海甲服务股份有限公司", "near"),
        ("上海甲服务公司", "near"),
        ("甲服务公司", "near"),
        ("上海甲", ""),
        ("复旦大学", ""),
        ("", ""),
    ],
)
def test_an_employer_is_the_institution_nearly_or_not_at_all(employer: str, how: str) -> None:
    found = [one.how for one in employed_in({"A1": employer}, {JIA: "上海甲服务有限公司"})]
    assert found == [how] * bool(how)


def employed(trial: Trial, employer: str) -> None:
    trial.replace("assessors.csv", "A1,王一,甲大学", f"A1,王一,{employer}")


def test_nobody_assesses_the_own_employer(trial: Trial) -> None:
    employed(trial, "上海甲服务有限责任公司")
    found = [(f"{name}_conflicted", f"{name}s.csv", "第 2 行 assessor_id") for name in ("assignment", "mark")]
    assert trial.findings() == (1, found)
    trial.append("conflicts.csv", f"A1,{JIA},cleared,五年前离职")
    assert trial.findings() == (0, [])


@pytest.mark.parametrize("kind", ["detected", "cleared"])
def test_a_near_employer_is_asked_about_until_it_is_settled(trial: Trial, kind: str) -> None:
    employed(trial, "甲服务有限公司")
    assert trial.findings() == (0, [("employer_near", "assessors.csv", "第 2 行 employer")])
    trial.append("conflicts.csv", f"A1,{JIA},{kind},查过登记")
    code, found = trial.findings()
    assert (code, [one[0] for one in found]) == (
        (0, []) if kind == "cleared" else (1, ["assignment_conflicted", "mark_conflicted"])
    )
