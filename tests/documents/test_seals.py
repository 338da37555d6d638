"""The cross-page seal: its strips make the seal again, on pages of any direction; what cannot take one is refused."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ceping.documents.refusal import Refused
from ceping.documents.seals import Seam, cross_page_seal, groups
from ceping.documents.signing import open_p12, sign
from tests.factories.certificate import PASSWORD, Authority
from tests.factories.seal import seal_picture

_A4 = (595.28, 841.89)


def blank(count: int, *, turns: tuple[int, ...] = ()) -> bytes:
    document = pikepdf.new()
    for number in range(count):
        page = document.add_blank_page(page_size=_A4)
        if turns:
            page.obj.Rotate = turns[number % len(turns)]
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def reds(pdf: bytes) -> list[NDArray[np.bool_]]:
    """Of each page, as a reader sees it, where it is red."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [np.asarray(document[number].render(scale=1).to_pil().convert("RGB")) for number in range(len(document))]
    return [(page[..., 0] > 150) & (page[..., 1] < 150) for page in pages]


@pytest.mark.parametrize("transparent", [True, False])
@pytest.mark.parametrize("count", [2, 7])
def test_the_strips_make_the_seal_again(count: int, *, transparent: bool) -> None:
    pages = reds(cross_page_seal(blank(count), seal_picture(transparent=transparent)))
    for page in pages:
        columns = np.nonzero(page.any(axis=0))[0]
        assert columns.max() >= page.shape[1] - 2
        assert columns.min() >= page.shape[1] - 119 / count - 3
    joined = np.hstack([page[:, round(page.shape[1] - 119 / count) :] for page in pages])
    rows, columns = np.nonzero(joined.any(axis=1))[0], np.nonzero(joined.any(axis=0))[0]
    # 42 mm are 119 points both ways, its middle 148 mm over the foot.
    assert abs(np.ptp(rows) - 119) <= 3
    assert abs(np.ptp(columns) - 119) <= 3 + count
    assert abs((_A4[1] - rows.mean()) - 148 * 72 / 25.4) <= 3


def test_pages_that_are_turned() -> None:
    plain, turned = (reds(cross_page_seal(blank(4, turns=turns), seal_picture())) for turns in ((), (0, 180)))
    assert all((one != other).mean() < 0.001 for one, other in zip(plain, turned, strict=True))
    for page in reds(cross_page_seal(blank(2, turns=(90, 270)), seal_picture())):
        assert page.shape[1] > page.shape[0]
        assert np.nonzero(page.any(axis=0))[0].min() > page.shape[1] - 65


def test_a_hundred_pages_share_four_seals() -> None:
    sealed = cross_page_seal(blank(100), seal_picture())
    assert sealed == cross_page_seal(blank(100), seal_picture())
    assert all(page.any() for page in reds(sealed))
    assert groups(100, 25) == [(0, 25), (25, 50), (50, 75), (75, 100)]


@given(st.integers(2, 400), st.integers(1, 60))
def test_groups_cover_every_page_once_and_evenly(count: int, most: int) -> None:
    found = groups(count, most)
    assert [page for first, last in found for page in range(first, last)] == list(range(count))
    lengths = {last - first for first, last in found}
    assert max(lengths) - min(lengths) <= 1
    assert max(lengths) <= max(most, 2)


def test_what_takes_no_seal(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="seam_one_page"):
        cross_page_seal(blank(1), seal_picture())
    with pytest.raises(Refused, match="scan_pdf_broken"):
        cross_page_seal(blank(2)[:100], seal_picture())
    for picture in (b"", b"GIF89a", seal_picture()[:300]):
        with pytest.raises(Refused, match="seal_unreadable"):
            cross_page_seal(blank(2), picture)
    certificate = open_p12(Authority(tmp_path).p12("示例"), PASSWORD)
    sealed = cross_page_seal(blank(2), seal_picture(), seam=Seam(diameter=30))
    signed = sign(sealed, certificate, at=datetime(2022, 2, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="seam_after_signature"):
        cross_page_seal(signed, seal_picture())
    with pikepdf.open(io.BytesIO(blank(2))) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(user="x", owner="y"))
    with pytest.raises(Refused, match="scan_pdf_locked"):
        cross_page_seal(out.getvalue(), seal_picture())
