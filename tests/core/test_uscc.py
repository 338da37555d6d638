"""Credit codes against the vectors of the standard and against what people do to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.uscc import (
    ALPHABET,
    Registration,
    faults_in_code,
    is_valid,
    normalised,
    organisation_check,
    registration_of,
    suggestion,
)

VALID = [
    "91310199MA0000A197",
    "31310199MD0000B24T",
    "51310199500000031H",
    "52310199MJ00000770",
    "12310199425000014H",
    "91310199MA00000A9P",
]
PILOT = ["91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P"]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def codes(text: str) -> list[str]:
    return [finding.code for finding in faults_in_code(text)]


@pytest.mark.parametrize("code", VALID)
def test_a_code_with_both_checks_right_is_clean(code: str) -> None:
    assert codes(code) == []
    assert is_valid(code)


@pytest.mark.parametrize("code", PILOT)
def test_a_pilot_code_fails_with_a_hint_of_its_own(code: str) -> None:
    assert codes(code) == ["uscc_check_digit_pilot"]
    assert "可能为试点期代码" in faults_in_code(code)[0].message()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["uscc_blank"]),
        (" \u3000\u200b", ["uscc_blank"]),
        ("9.13E+17", ["uscc_mangled"]),
        ("9.13101990000000E+17", ["uscc_mangled"]),
        ("９.13e17", ["uscc_mangled"]),
        ("913101990000000000", ["uscc_mangled"]),
        ("913101990000001234.0", ["uscc_mangled"]),
        ("91310199MA0000A19", ["uscc_length"]),
        ("91310199MA0000A1970", ["uscc_length"]),
        ("9131O199MA0000A197", ["uscc_slip"]),
        ("9I310199MA0000A197", ["uscc_slip"]),
        ("9131O199MA0000A198", ["uscc_alphabet"]),
        ("91310199MA0000Z197", ["uscc_alphabet"]),
        ("91310199MA\x00000A197", ["uscc_alphabet"]),
        ("9131019AMA0000A197", ["uscc_region"]),
        ("91310199MA0001A197", ["uscc_check_digit"]),
        ("91310199MA0000A198", ["uscc_check_digit_pilot"]),
        ("9131019٩MA0000A197", ["uscc_alphabet"]),
    ],
)
def test_each_fault_is_named(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_right_check_digit_over_a_wrong_organisation_code_is_told_apart() -> None:
    wrong_inside = next(
        code for code in (f"91310199MA0000A18{last}" for last in ALPHABET) if codes(code) == ["uscc_organisation"]
    )
    assert organisation_check(wrong_inside[8:16]) == "9"
    assert wrong_inside[16] == "8"


def test_file_and_place_reach_the_finding() -> None:
    finding = faults_in_code("1", file="institutions.csv", place="第 2 行")[0]
    assert (finding.file, finding.place) == ("institutions.csv", "第 2 行")


def test_a_slip_is_only_suggested() -> None:
    assert suggestion("9131O199MA0000A197") == "91310199MA0000A197"
    assert suggestion("9131O199MA0000A198") == ""
    assert suggestion("91310199MA0000A197") == ""
    assert normalised("9131O199MA0000A197") == "9131O199MA0000A197"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("31310199MD0000B24T", Registration("司法行政", "律师事务所")),
        ("51310199500000031H", Registration("民政", "社会团体")),
        ("91310199MA0000A197", Registration("市场监管", "企业")),
        ("9X310199MA0000A197", Registration("市场监管", "")),
        ("X1310199MA0000A197", None),
        ("", None),
    ],
)
def test_the_prefix_tells_who_registered_it(code: str, expected: Registration | None) -> None:
    assert registration_of(code) == expected


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_changed_character_is_refused(code: str, position: int, char: str) -> None:
    changed = code[:position] + char + code[position + 1 :]
    assert (codes(changed) == []) == (changed == code)


@given(st.sampled_from(VALID), st.integers(0, 16))
def test_two_neighbours_swapped_are_refused(code: str, position: int) -> None:
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert (codes(swapped) == []) == (swapped == code)


@given(st.sampled_from(VALID), st.sampled_from([" ", "\u3000", "-", "\u200b", "\ufeff"]), st.integers(0, 18))
def test_width_case_and_spaces_do_not_matter(code: str, blank: str, position: int) -> None:
    written = (code[:position] + blank + code[position:]).lower().translate(WIDE)
    assert normalised(written) == code


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(max_size=30))
def test_any_text_gets_a_clear_answer(text: str) -> None:
    findings = faults_in_code(text)
    assert len(findings) <= 1
    assert [finding.message() and finding.remedy() for finding in findings].count("") == 0
