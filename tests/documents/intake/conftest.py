"""What the tests of reading Word forms share: the scheme, the official form filled in, and a short way to read it."""

from collections.abc import Callable, Sequence

import pytest

from ceping.core.scheme.loading import load
from ceping.core.scheme.whole import Scheme
from ceping.documents.intake.word_body import flow_of
from ceping.documents.intake.word_reading import Reading, read
from tests.factories.word_form import Block, Form, Saved, official, word

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    whole, _ = load("shanghai-2021")
    assert whole is not None
    return whole


@pytest.fixture
def form(scheme: Scheme) -> Form:
    """The official form, filled in; to be changed by the test."""
    return official(scheme.form)


@pytest.fixture(scope="session")
def whole(scheme: Scheme) -> Reading:
    """What is read of the official form as it stands."""
    return read(flow_of(word(official(scheme.form))), scheme, file="form.docx")


@pytest.fixture
def reading(scheme: Scheme) -> Read:
    """Reads a form; every text of its findings is filled in, in each language."""

    def of(blocks: Form | Sequence[Block], saved: Saved | None = None) -> Reading:
        found = read(flow_of(word(blocks, saved)), scheme, file="form.docx")
        for one in found.findings:
            for language in ("zh", "en"):
                assert one.message(language)
                assert one.remedy(language)
        return found

    return of
