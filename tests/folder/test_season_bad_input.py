"""Every wrong season is told with code, file and place, exits 1, and leaves the results of before as they were."""

import pytest

from tests.factories.change import Change, Found, appended, as_bytes, dropped, replaced, without_line
from tests.factories.season import BING, JIA, YI, Trial, keep_former_run, untouched

FOREIGN = "91310199MADE00046W"


MARK = f"{JIA},quality,A1,8,,"
CASES: list[tuple[str, Change, Found]] = [
    # season.toml
    ("no season.toml", dropped("season.toml"), [("file_missing", "season.toml", "")]),
    (
        "malformed season.toml",
        replaced("season.toml", "format = 1", "format = = 1"),
        [("toml_malformed", "season.toml", "第 1 行")],
    ),
    (
        "other format",
        replaced("season.toml", "format = 1", "format = 2"),
        [("choice_unknown", "season.toml", "format")],
    ),
    (
        "unknown key",
        replaced("season.toml", "[seeds]", "[seeds]\nclint = 'x'"),
        [("key_unknown", "season.toml", "seeds.clint")],
    ),
    (
        "label without version",
        replaced("season.toml", '"three@1"', '"three"'),
        [("scheme_label", "season.toml", "scheme")],
    ),
    (
        "other scheme",
        replaced("season.toml", '"three@1"', '"three@2"'),
        [("scheme_differs", "season.toml", "scheme")],
    ),
    (
        "other hash",
        replaced("season.toml", 'scheme_sha256 = "', 'scheme_sha256 = "0'),
        [("scheme_hash_differs", "season.toml", "scheme_sha256")],
    ),
    (
        "period reversed",
        replaced("season.toml", "to = 2021-12-31", "to = 2020-12-31"),
        [("season_period_reversed", "season.toml", "to")],
    ),
    (
        "weights that do not add",
        replaced(
            "season.toml",
            "[parameters]",
            '[weights]\nquality = "40"\nclients = "20"\norders = "20"\ntruth = "20.01"\n[parameters]',
        ),
        [("weights_differ", "season.toml", "weights")],
    ),
    (
        "weight of nothing and one missing",
        replaced(
            "season.toml",
            "[parameters]",
            '[weights]\nquality = "40"\nclients = "20"\norders = "20"\ntruht = "20"\n[parameters]',
        ),
        [("weight_missing", "season.toml", "weights"), ("weight_unknown", "season.toml", "weights.truht")],
    ),
    (
        "confirmed by nobody",
        replaced("season.toml", '"illustrative"', '"confirmed"'),
        [
            ("parameters_unbacked", "season.toml", "parameters.by"),
            ("parameters_unbacked", "season.toml", "parameters.document"),
            ("parameters_unbacked", "season.toml", "parameters.on"),
        ],
    ),
    (
        "pseudonymised",
        replaced("season.toml", "[seeds]", "pseudonymised = true\n[seeds]"),
        [("pseudonymised_unread", "season.toml", "pseudonymised")],
    ),
    # institutions
    ("no institutions.csv", dropped("institutions.csv"), [("season_file_missing", "institutions.csv", "")]),
    (
        "doubled institution",
        appended("institutions.csv", f"{JIA},上海甲服务有限公司,alpha,,,"),
        [("row_doubled", "institutions.csv", "第 5 行")],
    ),
    (
        "unknown category",
        replaced("institutions.csv", f"{BING},上海丙服务有限公司,beta", f"{BING},上海丙服务有限公司,gamma"),
        [("category_unknown", "institutions.csv", "第 4 行 category")],
    ),
    (
        "category not ticked",
        replaced("institutions.csv", f"{BING},上海丙服务有限公司,beta", f"{BING},上海丙服务有限公司,alpha"),
        [("category_unticked", "institutions.csv", "第 4 行 category")],
    ),
    (
        "name not that of the report",
        replaced("institutions.csv", "上海丙服务", "上海丁服务"),
        [("report_differs", f"institutions/{BING}/report.json", "institution.name")],
    ),
    (
        "one shop for two",
        replaced("institutions.csv", "shop-b", "shop-a"),
        [("shop_shared", "institutions.csv", "第 3 行 shop_id")],
    ),
    (
        "shop nobody knows",
        replaced("institutions.csv", "shop-b", "shop-x"),
        [("shop_unknown", "institutions.csv", "第 3 行 shop_id")],
    ),
    (
        "foreign institution folder",
        lambda trial: (trial.folder / "institutions" / FOREIGN).mkdir(),
        [("institution_folder_foreign", f"institutions/{FOREIGN}", "")],
    ),
    (
        "code eaten by a spreadsheet",
        replaced("institutions.csv", f"{JIA},上海甲", "9.13E+17,上海甲"),
        [("code_mangled", "institutions.csv", "第 2 行 uscc")],
    ),
    # reports
    (
        "no report",
        dropped(f"institutions/{BING}/report.json"),
        [("report_missing", f"institutions/{BING}/report.json", "")],
    ),
    (
        "report that is no JSON",
        lambda trial: trial.write(f"institutions/{BING}/report.json", "{"),
        [("report_json_malformed", f"institutions/{BING}/report.json", "第 1 行第 2 个字符")],
    ),
    (
        "required answer missing",
        lambda trial: trial.change_report(JIA, lambda report: report["answers"].pop("categories")),
        [
            ("category_unticked", "institutions.csv", "第 2 行 category"),
            ("report_unanswered", f"institutions/{JIA}/report.json", "一、概况 类别"),
        ],
    ),
    (
        "attachment changed after submission",
        as_bytes(f"institutions/{JIA}/attachments/附件01_登记证书_1.jpg", lambda data: data + b"x"),
        [("attachment_changed", f"institutions/{JIA}/report.json", "attachments 附件01_登记证书_1.jpg")],
    ),
    # assessors, conflicts, assignments
    ("no assessors.csv", dropped("assessors.csv"), [("season_file_missing", "assessors.csv", "")]),
    (
        "conflict of an unknown assessor",
        appended("conflicts.csv", f"A9,{JIA},declared,"),
        [("assessor_unknown", "conflicts.csv", "第 5 行 assessor_id")],
    ),
    (
        "assignment against a conflict",
        appended("assignments.csv", f"{JIA},quality,A3"),
        [
            ("assignment_conflicted", "assignments.csv", "第 8 行 assessor_id"),
            ("mark_missing", "marks.csv", f"{JIA} quality A3"),
        ],
    ),
    (
        "too few assessors",
        lambda trial: (
            without_line("assignments.csv", f"{BING},quality,A3")(trial),
            without_line("marks.csv", f"{BING},quality,A3")(trial),
        )[0],
        [("raters_short", "assignments.csv", f"{BING} quality")],
    ),
    # marks
    ("no marks.csv", dropped("marks.csv"), [("season_file_missing", "marks.csv", "")]),
    (
        "unknown uscc",
        appended("marks.csv", f"{FOREIGN},quality,A1,8,,"),
        [("uscc_not_in_season", "marks.csv", "第 8 行 uscc")],
    ),
    (
        "unknown indicator",
        appended("marks.csv", f"{JIA},qualty,A1,8,,"),
        [("indicator_unknown", "marks.csv", "第 8 行 indicator_id")],
    ),
    (
        "indicator nobody marks",
        appended("marks.csv", f"{JIA},orders,A1,8,,"),
        [("indicator_unjudged", "marks.csv", "第 8 行 indicator_id")],
    ),
    (
        "unknown assessor",
        appended("marks.csv", f"{JIA},quality,A9,8,,"),
        [("assessor_unknown", "marks.csv", "第 8 行 assessor_id")],
    ),
    (
        "mark of the unassigned",
        lambda trial: (
            trial.append("assessors.csv", "A4,赵四,丁大学,,5"),
            trial.append("marks.csv", f"{JIA},quality,A4,8,,"),
        )[0],
        [("mark_unassigned", "marks.csv", "第 8 行 assessor_id")],
    ),
    (
        "mark of the conflicted",
        appended("marks.csv", f"{JIA},quality,A3,8,,"),
        [
            ("mark_conflicted", "marks.csv", "第 8 行 assessor_id"),
            ("mark_unassigned", "marks.csv", "第 8 行 assessor_id"),
        ],
    ),
    (
        "doubled key",
        appended("marks.csv", MARK),
        [("row_doubled", "marks.csv", "第 8 行")],
    ),
    (
        "mark above the range",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,10.5,,好"),
        [("mark_out_of_range", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark a hair above the range",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,10.01,,好"),
        [("mark_out_of_range", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark below zero",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,-0.5,,差"),
        [("mark_out_of_range", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark off the step",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,8.3,,"),
        [("mark_off_step", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark without its reason",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,9.5,,"),
        [("reason_missing", "marks.csv", "第 2 行 reason")],
    ),
    (
        "coefficient nobody asked for",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,8,1.1,"),
        [("coefficient_unasked", "marks.csv", "第 2 行 coefficient")],
    ),
    (
        "mark that is no number",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,八,,"),
        [("cell_not_number", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark in full width",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,８,,"),
        [("cell_not_number", "marks.csv", "第 2 行 mark")],
    ),
    (
        "blank mark, which is no zero",
        replaced("marks.csv", MARK, f"{JIA},quality,A1,,,"),
        [("mark_missing", "marks.csv", "第 2 行 mark")],
    ),
    (
        "mark not given",
        without_line("marks.csv", MARK),
        [("mark_missing", "marks.csv", f"{JIA} quality A1")],
    ),
    # adjudications
    (
        "difference nobody settled",
        without_line("adjudications.csv", YI),
        [("adjudication_missing", "adjudications.csv", f"{YI} quality")],
    ),
    (
        "nothing to settle",
        appended("adjudications.csv", f"{JIA},quality,8,负责人,多此一举"),
        [("adjudication_undue", "adjudications.csv", "第 3 行")],
    ),
    (
        "settled beyond the range",
        replaced("adjudications.csv", ",6,", ",11,"),
        [("mark_out_of_range", "adjudications.csv", "第 2 行 mark")],
    ),
]


@pytest.mark.parametrize(("change", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_is_told_and_nothing_is_written(trial: Trial, change: Change, found: Found) -> None:
    keep_former_run(trial.out)
    change(trial)
    assert trial.findings() == (1, found)
    assert untouched(trial.out)


def test_all_findings_come_at_once(trial: Trial) -> None:
    trial.replace("marks.csv", MARK, f"{JIA},quality,A1,10.5,,好")
    trial.replace("verified.csv", "distinct_clients,4", "distinct_clients,-1")
    trial.replace("decisions.csv", "organiser", "lead")
    trial.append("conflicts.csv", f"A9,{JIA},declared,")
    code, found = trial.findings()
    assert (code, [(one, file) for one, file, _ in found]) == (
        1,
        [
            ("assessor_unknown", "conflicts.csv"),
            ("decision_role", "decisions.csv"),
            ("mark_out_of_range", "marks.csv"),
            ("verified_out_of_range", "verified.csv"),
        ],
    )


def test_a_season_needs_its_seeds(trial: Trial) -> None:
    trial.replace("season.toml", 'clients = "paper-1"', "")
    trial.replace("season.toml", 'robustness = "paper-3"', "")
    code, found = trial.findings()
    assert code == 1
    assert [one for one in found if one[0] == "seed_missing"] == [
        ("seed_missing", "season.toml", "seeds.clients"),
        ("seed_missing", "season.toml", "seeds.robustness"),
    ]


def test_a_season_that_is_not_there_cannot_be_read(trial: Trial) -> None:
    trial.folder.rename(trial.folder.with_name("elsewhere"))
    assert trial.findings() == (2, [("season_folder_absent", "", str(trial.folder))])


def test_a_name_close_to_a_file_of_the_season_is_pointed_at(trial: Trial) -> None:
    trial.write("conflict.csv", "assessor_id\n")
    assert trial.findings() == (0, [("file_unread", "conflict.csv", "")])
