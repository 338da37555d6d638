"""Telephone numbers as people write them, and what of them may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.finding import Level
from ceping.core.phone import Kind, faults_in_phone, is_plain_mobile, kind_of, masked, normalised


@pytest.mark.parametrize(
    ("written", "number", "kind"),
    [
        ("13800138000", "13800138000", Kind.MOBILE),
        ("+86 138 0013 8000", "13800138000", Kind.MOBILE),
        ("0086-138-0013-8000", "13800138000", Kind.MOBILE),
        ("8613800138000", "13800138000", Kind.MOBILE),
        ("１３８００１３８０００", "13800138000", Kind.MOBILE),
        ("+86-021-58881234", "021-58881234", Kind.LANDLINE),
        ("（021）5888 1234", "021-58881234", Kind.LANDLINE),
        ("021-58881234-801", "021-58881234-801", Kind.LANDLINE),
        ("02158881234转801", "021-58881234-801", Kind.LANDLINE),
        ("051268881234", "0512-68881234", Kind.LANDLINE),
        ("0512-6888123", "0512-6888123", Kind.LANDLINE),
        ("400-820-8820", "4008208820", Kind.HOTLINE),
        ("8008208820", "8008208820", Kind.HOTLINE),
        ("58881234", "58881234", None),
        ("021-5888123", "021-5888123", None),
        ("021-18881234", "021-18881234", None),
        ("12800138000", "12800138000", None),
        ("1380013800", "1380013800", None),
        ("138001380001", "138001380001", None),
        ("无", "无", None),
        ("", "", None),
    ],
)
def test_what_is_written_is_tidied_and_sorted(written: str, number: str, kind: Kind | None) -> None:
    assert normalised(written) == number
    assert kind_of(written) == kind


@pytest.mark.parametrize(
    ("written", "mobile_wanted", "expected"),
    [
        ("13800138000", True, []),
        ("021-58881234", False, []),
        ("021-58881234", True, [("phone_landline", Level.WARNING)]),
        ("400-820-8820", True, [("phone_hotline", Level.WARNING)]),
        ("400-820-8820", False, []),
        ("16512345678", True, [("phone_virtual", Level.WARNING)]),
        ("14412345678", True, [("phone_data", Level.WARNING)]),
        ("13491234567", True, [("phone_satellite", Level.WARNING)]),
        ("15412345678", True, [("phone_unassigned", Level.WARNING)]),
        ("", True, [("phone_blank", Level.ERROR)]),
        ("58881234", True, [("phone_area_missing", Level.ERROR)]),
        ("1380013800", True, [("phone_malformed", Level.ERROR)]),
        ("1380013800x", False, [("phone_malformed", Level.ERROR)]),
    ],
)
def test_hard_rules_stop_and_ranges_only_ask(
    written: str, *, mobile_wanted: bool, expected: list[tuple[str, Level]]
) -> None:
    findings = faults_in_phone(written, mobile_wanted=mobile_wanted)
    assert [(finding.code, finding.level) for finding in findings] == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("138 0013 1234", "138****1234"),
        ("021-58881234-801", "021****1234"),
        ("4008208820", "****"),
        ("12345678901234", "****"),
        ("张三 13800138000", "****"),
        ("", ""),
    ],
)
def test_masking(written: str, shown: str) -> None:
    assert masked(written) == shown


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_masking_never_leaks_the_middle(number: str) -> None:
    twin = number[:3] + "".join(str(9 - int(digit)) for digit in number[3:7]) + number[7:]
    assert masked(number) == masked(twin) == f"{number[:3]}****{number[7:]}"


@given(st.text())
def test_whatever_is_masked_hides_at_least_four_characters(text: str) -> None:
    shown = masked(text)
    assert shown == "" or "****" in shown
    assert sum(char.isdigit() for char in shown) <= 8


@given(st.text() | st.from_regex(r"(\+|00)?86-?[0-9 -]{7,16}", fullmatch=True))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.one_of(st.from_regex(r"1[0-9]{10}", fullmatch=True), st.text(max_size=14)))
def test_a_plain_mobile_is_one_of_which_nothing_is_said(text: str) -> None:
    if is_plain_mobile(text):
        assert faults_in_phone(text, mobile_wanted=True) == []
        assert normalised(text) == text
    elif kind_of(text) is Kind.MOBILE and normalised(text) == text:
        assert faults_in_phone(text, mobile_wanted=True) != []
