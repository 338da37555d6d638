"""Templates of messages reach nothing but the fixed names."""

import pytest

from ceping.ground.messages.words import PLACEHOLDERS, faults_in_words, filled


@pytest.mark.parametrize(
    "text",
    ["{name.__class__}", "{name[0]}", "{}", "{0}", "{nobody}", "{name!r}", "{name:>9}", "{name:{link}}"],
)
def test_what_reaches_further_is_refused(text: str) -> None:
    assert [one.code for one in faults_in_words(text, place="body")] == ["message_placeholder"]
    with pytest.raises(ValueError, match="unchecked"):
        filled(text, {})


@pytest.mark.parametrize("text", ["{", "}", "{name", "{{name}"])
def test_lone_braces_are_told(text: str) -> None:
    assert [one.code for one in faults_in_words(text, place="body")] == ["message_braces"]


def test_values_are_put_in_and_never_read_as_words() -> None:
    every = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    assert faults_in_words(every, place="body") == []
    assert filled("{name}您好，{{回执}}{receipt}{due}", {"name": "{link}", "receipt": "A1"}) == "{link}您好，{回执}A1"
