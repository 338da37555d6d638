"""Wrong values, verdicts, decisions, clients, calls and shops: told with code, file and place, and nothing written."""

import pytest

from tests.factories.change import Change, Found, appended, dropped, replaced, without_line
from tests.factories.season import BING, JIA, Trial, keep_former_run, untouched

CASES: list[tuple[str, Change, Found]] = [
    # verified values
    ("no verified.csv", dropped("verified.csv"), [("season_file_missing", "verified.csv", "")]),
    (
        "verified value missing",
        without_line("verified.csv", JIA),
        [("verified_missing", "verified.csv", f"{JIA} distinct_clients")],
    ),
    (
        "verified value blank",
        replaced("verified.csv", f"{JIA},distinct_clients,4", f"{JIA},distinct_clients,"),
        [("verified_missing", "verified.csv", "第 2 行 value")],
    ),
    (
        "verified beyond its bounds",
        replaced("verified.csv", f"{JIA},distinct_clients,4", f"{JIA},distinct_clients,1001"),
        [("verified_out_of_range", "verified.csv", "第 2 行 value")],
    ),
    (
        "verified value of words",
        replaced("verified.csv", f"{JIA},distinct_clients,4", f"{JIA},distinct_clients,四"),
        [("cell_not_number", "verified.csv", "第 2 行 value")],
    ),
    (
        "unknown metric",
        appended("verified.csv", f"{JIA},distinct_client,4,,复核组,2022-02-01"),
        [("metric_unknown", "verified.csv", "第 5 行 metric_id")],
    ),
    (
        "metric that calls answer",
        appended("verified.csv", f"{JIA},verification_rate,1,,复核组,2022-02-01"),
        [("metric_computed", "verified.csv", "第 5 行 metric_id")],
    ),
    # verdicts, decisions, registers
    (
        "verdict on a file nobody attached",
        appended("evidence_checks.csv", f"{JIA},附件02.jpg,genuine,,复核组,2022-02-02"),
        [("evidence_foreign", "evidence_checks.csv", "第 5 行 file")],
    ),
    (
        "unknown verdict",
        replaced("evidence_checks.csv", "doubtful", "dubious"),
        [("cell_choice", "evidence_checks.csv", "第 4 行 verdict")],
    ),
    (
        "attachment without a verdict",
        without_line("evidence_checks.csv", BING),
        [("evidence_unchecked", "evidence_checks.csv", f"{BING} 附件01_登记证书_1.jpg")],
    ),
    (
        "waiver of a gate that cannot be waived",
        replaced("decisions.csv", "two-clients", "credit"),
        [("gate_unwaivable", "decisions.csv", "第 2 行 rule_id")],
    ),
    (
        "waiver by the wrong role",
        replaced("decisions.csv", "organiser", "lead"),
        [("decision_role", "decisions.csv", "第 2 行 by_role")],
    ),
    (
        "veto by the wrong role",
        appended("decisions.csv", f"{JIA},veto,false-materials,veto,查证属实,lead,2022-03-01"),
        [("decision_role", "decisions.csv", "第 3 行 by_role")],
    ),
    (
        "veto already decided",
        appended(
            "decisions.csv",
            f"{JIA},veto,false-materials,refuse,证据不足,organiser,2022-03-01\n"
            f"{JIA},veto,false-materials,refuse,再议,organiser,2022-03-02",
        ),
        [("row_doubled", "decisions.csv", "第 4 行")],
    ),
    (
        "waiver of nothing",
        replaced("decisions.csv", "two-clients", "three-clients"),
        [("gate_unknown", "decisions.csv", "第 2 行 rule_id")],
    ),
    (
        "veto nobody knows",
        replaced("decisions.csv", "waiver,two-clients,waive", "veto,bribery,veto"),
        [("veto_unknown", "decisions.csv", "第 2 行 rule_id")],
    ),
    (
        "waiver that vetoes",
        replaced("decisions.csv", ",waive,", ",veto,"),
        [("decision_effect", "decisions.csv", "第 2 行 effect")],
    ),
    (
        "unknown register",
        appended("external.csv", f"{JIA},tax,yes,税务局,2022-02-03"),
        [("check_unknown", "external.csv", "第 5 行 check_id")],
    ),
    (
        "register not asked",
        without_line("external.csv", JIA),
        [("external_missing", "external.csv", f"{JIA} credit")],
    ),
    # clients and calls
    (
        "client the report does not list",
        replaced("clients.csv", "上海春企业有限公司", "上海冰企业有限公司"),
        [("client_differs", "clients.csv", "第 2 行 name")],
    ),
    (
        "one client too many",
        appended("clients.csv", f"{BING},C0002,上海北企业有限公司,联系人,13900000002,咨询"),
        [("client_key_foreign", "clients.csv", "第 9 行 client_key")],
    ),
    (
        "client missing",
        without_line("clients.csv", f"{JIA},C0001"),
        [("client_missing", "clients.csv", f"{JIA} C0001")],
    ),
    (
        "call outside the draw",
        appended("calls.csv", f"{JIA},C0001,1,2022-02-09T09:00:00+08:00,phone,10,yes,5"),
        [("call_outside_draw", "calls.csv", "第 10 行 client_key")],
    ),
    (
        "call to nobody",
        appended("calls.csv", f"{JIA},C0099,1,2022-02-09T09:00:00+08:00,phone,10,yes,5"),
        [("client_unknown", "calls.csv", "第 10 行 client_key")],
    ),
    (
        "attempt left out",
        replaced("calls.csv", ",2,2022-02-08T09:20:00", ",3,2022-02-08T09:20:00"),
        [("attempt_numbering", "calls.csv", "第 5 行 attempt")],
    ),
    (
        "attempt doubled",
        replaced("calls.csv", ",2,2022-02-08T09:20:00", ",1,2022-02-08T09:20:00"),
        [("row_doubled", "calls.csv", "第 5 行")],
    ),
    (
        "attempts out of order",
        replaced("calls.csv", ",2,2022-02-08T09:20:00", ",2,2022-02-06T09:20:00"),
        [("attempt_order", "calls.csv", "第 5 行 at")],
    ),
    (
        "unknown disposition",
        replaced("calls.csv", "phone,12,no", "phone,99,no"),
        [("disposition_unknown", "calls.csv", "第 5 行 disposition")],
    ),
    (
        "unknown question",
        replaced("calls.csv", "q_served", "q_srved"),
        [("question_unknown", "calls.csv", "第 1 行")],
    ),
    (
        "answer that is no option",
        replaced("calls.csv", "phone,10,yes,3", "phone,10,yes,9"),
        [("answer_unknown", "calls.csv", "第 3 行 q_satisfaction")],
    ),
    (
        "answer of somebody not reached",
        replaced("calls.csv", "phone,30,,", "phone,30,yes,"),
        [("answer_uncompleted", "calls.csv", "第 4 行 q_served")],
    ),
    # shops and events
    ("no shops.csv", dropped("shops.csv"), [("season_file_missing", "shops.csv", "")]),
    ("no events", dropped("events.csv"), [("season_file_missing", "events.csv", "")]),
    (
        "shop the points rules refuse",
        replaced("shops.csv", "2016-01-01", "1700-01-01"),
        [("bad_value", "shops.csv", "第 3 行")],
    ),
    (
        "two event logs",
        lambda trial: trial.write("events.jsonl", ""),
        [("events_several", "events.csv", "")],
    ),
]


@pytest.mark.parametrize(("change", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_is_told_and_nothing_is_written(trial: Trial, change: Change, found: Found) -> None:
    keep_former_run(trial.out)
    change(trial)
    assert trial.findings() == (1, found)
    assert untouched(trial.out)
