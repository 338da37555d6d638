"""A finding is a value: its words come from one table of its language, and errors alone stop the work."""

import errno
import os

import pytest

from ceping.core.finding import Finding, Level, errors_in, fault, texts


def test_a_finding_speaks_both_languages() -> None:
    finding = fault("id_repeated", file="a.toml", place="band", id="优", count=2)
    assert finding.as_json() == {
        "level": "error",
        "code": "id_repeated",
        "file": "a.toml",
        "place": "band",
        "message": "优 出现了 2 次",
        "remedy": "请改成互不相同的名称",
    }
    assert finding.message("en") == "优 occurs 2 times"
    assert finding.remedy("en") == "give each a name of its own"


def test_the_reason_of_the_system_is_told_in_the_language_of_the_reader() -> None:
    finding = fault("out_unwritable", path="out", reason=os.strerror(errno.ENOSPC))
    assert finding.message() == "写不进 out：磁盘已满"
    assert os.strerror(errno.ENOSPC) in finding.message("en")
    assert fault("out_unwritable", path="out", reason="别的").message() == "写不进 out：别的"


def test_equal_faults_are_equal_values() -> None:
    assert fault("file_missing", file="a") == Finding("file_missing", "a")
    assert len({fault("file_missing", file="a"), fault("file_missing", file="a")}) == 1


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert fault("key_unknown", key="{remedy}{0}{").message() == "键 {remedy}{0}{ 不在此处可用的键之列"


def test_warnings_do_not_stop_the_work() -> None:
    error, warning = fault("file_missing"), fault("file_missing", level=Level.WARNING)
    assert errors_in([warning, error, warning]) == [error]


def test_a_code_without_a_text_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        Finding("no_such_code").message()
    assert "no_such_code" not in texts()
