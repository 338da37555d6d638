"""Grids on paper: rows whole while they fit on a page, headings on every page, spans, and what cannot be drawn."""

import re

import pypdfium2
import pytest

from ceping.documents.pdf import to_pdf
from ceping.documents.sheet import Cell, Document, Grid, Space, UnevenGrid, texts_in
from tests.factories.pdf import MM, document, edges_of, numbered_rows, pages_of, squeezed, text_of


def pages(grid: Grid) -> list[str]:
    return pages_of(to_pdf(document(grid)))


def placed(texts: list[str], pattern: str) -> dict[str, list[int]]:
    """For each match of the pattern the pages it stands on."""
    found: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        for match in re.findall(pattern, text):
            found.setdefault(match, []).append(number)
    return found


def test_a_row_is_never_parted_and_its_heading_is_on_every_page() -> None:
    words = text_of(170)
    texts = pages(numbered_rows(40, words=170))
    assert len(texts) > 3
    assert [text.count("序号内容") for text in texts] == [1] * len(texts)
    # The cell with the number stands beside the whole of its text.
    assert [text.count("乙") for text in texts] == [text.count(squeezed(words)) for text in texts]
    assert sum(text.count("乙") for text in texts) == 40


@pytest.mark.parametrize("words", [600, 1000, 1450])
def test_a_row_that_fits_on_a_page_goes_to_the_next_rather_than_be_parted(words: int) -> None:
    grid = Grid((10, 90), ((Cell("短"), Cell("短")), (Cell("长"), Cell(text_of(words)))))
    texts = pages_of(to_pdf(document(Space(150), grid)))
    assert [text.count(squeezed(text_of(words))) for text in texts] == [0, 1]


@pytest.mark.parametrize("words", range(1500, 1620, 24))
def test_about_the_height_of_a_page_nothing_is_lost_or_runs_out_of_it(words: int) -> None:
    pdf = to_pdf(document(numbered_rows(2, words=words)))
    whole = sum(text.count(squeezed(text_of(words))) for text in pages_of(pdf))
    assert (whole, len(pages_of(pdf))) in {(2, 2), (0, 3), (0, 4)}
    assert "".join(pages_of(pdf)).replace("序号内容", "").count("。") == 2 * text_of(words).count("。")
    assert all(bottom > 30 * MM - 3 for _, bottom, _, _ in edges_of(pdf))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_row_longer_than_a_page_goes_on_over_pages(rows: int) -> None:
    story = "".join(f"第{number}句甲乙丙丁。" for number in range(500))
    label = Cell("类", "label", rows=rows)
    grid = Grid(
        (10, 90),
        ((Cell("头", "label"), Cell("身", "label")), (label, Cell(story)), *(((Cell("短"),),) * (rows - 1))),
        header=1,
    )
    texts = pages(grid)
    assert len(texts) > 2
    assert "".join(text.replace("头身", "").replace("类", "") for text in texts) == story + "短" * (rows - 1)
    assert all(bottom > 80 for _, bottom, _, _ in edges_of(to_pdf(document(grid))))


def test_a_cell_over_rows_goes_with_them_while_they_are_few_and_over_pages_when_they_are_many() -> None:
    def grouped(count: int) -> Grid:
        rows = ((*((Cell("类别", "label", rows=count),) if not at else ()), Cell(f"行{at}末")) for at in range(count))
        return Grid((20, 80), tuple(rows))

    few = pages_of(to_pdf(document(Space(210), grouped(4))))
    # Where a reader of the file puts a text that stands beside several lines is its own guess.
    assert [text.replace("类别", "") for text in few] == ["", "行0末行1末行2末行3末"]
    many = placed(pages(grouped(100)), r"行\d+末")
    assert len(many) == 100
    assert {len(on) for on in many.values()} == {1}
    assert max(on[0] for on in many.values()) > 1


def test_spans_in_both_directions_say_everything_once() -> None:
    grid = Grid(
        (1, 1, 1, 1),
        (
            (Cell("甲", "label", rows=2), Cell("乙", "label", columns=2), Cell("丙", "label", rows=2)),
            (Cell("丁", "label"), Cell("戊", "label")),
            (Cell("己", columns=2, rows=2), Cell("庚"), Cell("辛")),
            (Cell("壬", columns=2),),
        ),
        header=1,
    )
    (text,) = pages(grid)
    assert sorted(text) == sorted("".join(texts_in(Document("", document().dated, (grid,)))))


def test_a_heading_of_two_rows_is_repeated_whole_though_only_the_first_was_named() -> None:
    head = ((Cell("序", "label", rows=2), Cell("上", "label")), (Cell("下", "label"),))
    texts = pages(Grid((1, 4), (*head, *((Cell(str(at)), Cell("值")) for at in range(80))), header=1))
    assert len(texts) > 2
    assert {(text.count("上"), text.count("下"), text.count("序")) for text in texts} == {(1, 1, 1)}


def test_a_heading_that_fills_the_page_is_not_repeated() -> None:
    head = (Cell(text_of(700), "label"), Cell("乙", "label"))
    texts = pages(Grid((1, 1), (head, *((Cell(str(at)), Cell("值")) for at in range(60))), header=1))
    assert "".join(texts).count("乙") == 1
    assert "".join(texts).count("值") == 60


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (Grid((1, 2), ()), ""),
        (Grid((), ()), ""),
        (Grid((1, 2), (), caption="空表"), "空表"),
        (Grid((1, 2), ((Cell("甲", "label"), Cell("乙", "label")),), header=1), "甲乙"),
        (Grid((1,), ((Cell("甲"),), (Cell(""),), (Cell("乙"),))), "甲乙"),
        (Grid((1, 1, 2000), ((Cell("统一"), Cell("ab"), Cell("")),)), "统一ab"),
        (Grid((1,), ((Cell("甲"),),), row_height=400), "甲"),
    ],
)
def test_small_and_odd_grids_are_drawn(grid: Grid, said: str) -> None:
    assert "".join(sorted("".join(pages(grid)))) == "".join(sorted(said))


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (Grid((1, 1), ((Cell("甲"),),)), "row 1 leaves columns empty"),
        (Grid((1,), ((Cell("甲"), Cell("乙")),)), "row 1 has no room for '乙'"),
        (Grid((1, 1), ((Cell("甲"), Cell("乙", rows=2)), (Cell("丙", columns=2),))), "row 2 has no room for '丙'"),
        (Grid((1,), ((Cell("甲", rows=2),),)), "reaches below the last row"),
        (Grid((1,), ((Cell("甲", columns=0),),)), "row 1 has no room"),
        (Grid((0, 1), ((Cell("甲"), Cell("乙")),)), "without width"),
    ],
)
def test_a_grid_that_does_not_add_up_is_refused(grid: Grid, message: str) -> None:
    with pytest.raises(UnevenGrid, match=message):
        pages(grid)


@pytest.mark.slow
def test_many_lines_in_a_cell_keep_off_its_rules() -> None:
    scale = 8
    page = pypdfium2.PdfDocument(to_pdf(document(Grid((1,), ((Cell("国" * 120),),)))))[0]
    picture = page.render(scale=scale, grayscale=True).to_pil()
    x = picture.width // 2
    strips = (picture.crop((x - 90, y, x + 90, y + 1)) for y in range(picture.height))
    ink = [strip.getextrema()[0] < 128 for strip in strips]
    first, last = ink.index(True), len(ink) - 1 - ink[::-1].index(True)
    inner = ink[first : last + 1]
    below, above = (side[side.index(False) :].index(True) for side in (inner, inner[::-1]))
    assert min(below, above) > 3 * scale


def test_three_thousand_rows_are_drawn() -> None:
    rows = ((Cell(str(number), "number"), *(Cell(f"文字{number}"),) * 7) for number in range(3000))
    grid = Grid((1,) * 8, (tuple(Cell(f"列{at}", "label") for at in range(8)), *rows), header=1)
    texts = pages(grid)
    assert len(texts) > 90
    assert "".join(texts).count("文字") == 21_000
    assert all(text.count("列7") == 1 for text in texts)
