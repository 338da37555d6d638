"""The same picture in two hands is found after it was saved again; another page of the same form is not it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ceping.documents.likeness import Pair, Sign, groups_of, pairs_alike, sign_of, sign_of_picture
from tests.factories.scan import page, photograph, saved_again


def test_saved_again_is_found_and_another_page_of_the_form_is_not(tmp_path: Path) -> None:
    pictures = [
        page(1),
        saved_again(page(1)),
        page(2),
        photograph(1),
        saved_again(photograph(1), share=0.3),
        photograph(2),
    ]
    pictures += [page(1).rotate(0.3, fillcolor="white")]
    for number, picture in enumerate(pictures):
        picture.convert("RGB").save(tmp_path / f"{number}.jpg")
    signs = [sign_of(tmp_path / f"{number}.jpg") for number in range(len(pictures))]
    pairs = list(pairs_alike(signs, [str(number) for number in range(len(pictures))]))
    assert [(pair.one, pair.other) for pair in pairs] == [(0, 1), (0, 6), (1, 6), (3, 4)]
    assert groups_of(pairs) == [[0, 1, 6], [3, 4]]


def test_one_owner_may_have_a_picture_twice() -> None:
    sign = sign_of_picture(page(1, width=400, height=600))
    assert list(pairs_alike([sign, sign], ["a", "a"])) == []
    assert list(pairs_alike([sign, sign], ["a", "b"])) == [Pair(0, 1, 0)]
    assert list(pairs_alike([], [])) == []


def test_blank_pages_are_like_nothing() -> None:
    blank = Image.fromarray(np.random.default_rng(1).integers(250, 256, (800, 600), dtype=np.uint8))
    sign = sign_of_picture(blank)
    assert sign.plain
    assert list(pairs_alike([sign, sign], ["a", "b"])) == []


@pytest.mark.slow
def test_five_hundred_institutions_with_thirty_pictures() -> None:
    chance = np.random.default_rng(1)
    signs = [Sign(chance.bytes(8), chance.bytes(128)) for _ in range(15_000)]
    signs[-1] = signs[0]
    assert list(pairs_alike(signs, [str(number // 30) for number in range(15_000)])) == [Pair(0, 14_999, 0)]
