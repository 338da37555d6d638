"""B075: names from outside are shown so that they harm nobody and still say what they are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.documents.inspection.names import name_findings, shown_name, suffix_of


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("营业执照.jpg", "营业执照.jpg"),
        ("..", "未命名"),
        (".", "未命名"),
        ("", "未命名"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\执照.jpg", "执照.jpg"),
        ("a/", "a"),
        ("报告.pdf.exe", "报告.pdf.exe"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("执\u200b照.jpg", "执照.jpg"),
        ("con.txt", "_con.txt"),
        ("CON", "_CON"),
        ("LPT1.pdf", "_LPT1.pdf"),
        ("console.txt", "console.txt"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        (" 执照 .pdf. ", "执照.pdf"),
        ("a\nb\x00c.pdf", "abc.pdf"),
        ("cafe\u0301.jpg", "café.jpg"),
        (".jpg", "jpg"),
        ("\ud800.jpg", "jpg"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("长" * 300 + ".pdf", "长" * 65 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_name_is_cleaned(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@given(st.text(st.characters(), max_size=400))
def test_a_shown_name_is_always_fit(name: str) -> None:
    shown = shown_name(name)
    assert shown not in ("", ".", "..")
    assert len(shown.encode()) <= 201
    assert not set(shown) & set('/\\<>:"|?*')
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in shown)
    assert shown == shown.strip(" .")
    assert shown_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("营业执照.jpg", []),
        ("cafe\u0301.jpg", []),
        ("报告.pdf.exe", ["file_name_program"]),
        ("a\u202efdp.exe", ["file_name_program", "file_name_hides"]),
        ("a\u202egpj.pdf", ["file_name_hides"]),
        ("../a.pdf", ["file_name_cleaned"]),
        ("con.pdf", ["file_name_cleaned"]),
    ],
)
def test_what_is_odd_about_a_name_is_told(name: str, codes: list[str]) -> None:
    assert [finding.code for finding in name_findings(name)] == codes


def test_the_suffix_is_what_stands_last() -> None:
    assert [suffix_of(name) for name in ("a.PDF", "a", ".jpg", "a.b.c", "a." + "x" * 11)] == ["pdf", "", "", "c", ""]
