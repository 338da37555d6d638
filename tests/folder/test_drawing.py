"""The draw of clients: sizes by the published tables, strata that add up, an order that hangs on the seed alone."""

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.folder.drawing import (
    Client,
    Size,
    draw_clients,
    frame_hash,
    sample_size,
    shares_by_largest_remainder,
)

USCC = "91310199MA0000A197"
# reference: 95 %, finite population; margin and expected share by column
TABLE = {
    50: (45, 38, 34, 24, 27, 21),
    100: (80, 61, 50, 31, 36, 26),
    200: (132, 86, 66, 36, 43, 30),
    500: (218, 116, 81, 40, 49, 33),
    1000: (278, 131, 88, 41, 52, 34),
}
COLUMNS = (("0.05", "0.5"), ("0.08", "0.5"), ("0.1", "0.5"), ("0.15", "0.5"), ("0.08", "0.9"), ("0.1", "0.9"))


@pytest.mark.parametrize("population", TABLE)
@pytest.mark.parametrize("z", ["1.96", "1.959963984540054"])
def test_sizes_by_the_formula(population: int, z: str) -> None:
    found = tuple(
        sample_size(population, margin=Decimal(margin), share=Decimal(share), z=Decimal(z)) for margin, share in COLUMNS
    )
    assert found == TABLE[population]


@pytest.mark.parametrize(("population", "size"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_small_lists(population: int, size: int) -> None:
    assert sample_size(population, margin=Decimal("0.05"), share=Decimal("0.5"), z=Decimal("1.96")) == size
    assert Size("fixed", 35).of(population) == population
    assert Size("all").of(population) == population


def test_a_whole_number_is_not_rounded_up() -> None:
    # n0 = 4·0.25/0.25 = 4; of a list of 3·: 4·9/(9+3) = 3 exactly.
    assert sample_size(9, margin=Decimal("0.5"), share=Decimal("0.5"), z=Decimal(2)) == 3


@given(
    st.integers(0, 400),
    st.dictionaries(st.text("甲乙丙丁ab", min_size=1, max_size=3), st.integers(1, 120), max_size=7),
)
def test_strata_sizes_add_up(total: int, sizes: dict[str, int]) -> None:
    parts = shares_by_largest_remainder(total, sizes)
    whole = sum(sizes.values())
    wanted = min(total, whole)
    assert sum(parts.values()) == wanted
    assert all(0 <= parts[name] <= size for name, size in sizes.items())
    # Within one of the exact share, and never the smaller remainder before the larger.
    assert all(abs(parts[name] * whole - wanted * size) < whole for name, size in sizes.items())
    up = {name for name, size in sizes.items() if parts[name] * whole > wanted * size}
    down = {name for name, size in sizes.items() if parts[name] * whole < wanted * size}
    lowest_up = min((wanted * sizes[name] % whole for name in up), default=whole)
    assert all(wanted * sizes[name] % whole <= lowest_up for name in down)


def test_ties_of_remainders() -> None:
    assert shares_by_largest_remainder(2, {"b": 1, "a": 1, "c": 1}) == {"a": 1, "b": 1, "c": 0}
    assert shares_by_largest_remainder(2, {"a": 1, "b": 3}) == {"a": 0, "b": 2}
    assert shares_by_largest_remainder(5, {}) == {}


CLIENTS = st.lists(
    st.builds(
        Client,
        st.sampled_from([USCC, "31310199MD0000B24T"]),
        st.integers(1, 60).map(lambda number: f"C{number:04d}"),
        st.just(""),
        st.sampled_from(["", "培训", "融资"]),
    ),
    max_size=80,
    unique_by=lambda client: (client.uscc, client.key),
)


@given(CLIENTS, st.text(max_size=8), st.integers(1, 40), st.randoms(use_true_random=False))
def test_a_permutation_that_hangs_on_no_order(clients: list[Client], seed: str, count: int, chance: object) -> None:
    drawn = draw_clients(clients, seed=seed, size=Size("fixed", count))
    assert sorted((one.uscc, one.key) for one in drawn) == sorted((one.uscc, one.key) for one in clients)
    shuffled = list(clients)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw_clients(shuffled, seed=seed, size=Size("fixed", count)) == drawn
    for uscc in {one.uscc for one in clients}:
        lines = [one for one in drawn if one.uscc == uscc]
        assert [one.position for one in lines] == list(range(1, len(lines) + 1))
        sample = [one for one in lines if one.role == "sample"]
        assert len(sample) == min(count, len(lines))
        assert lines[: len(sample)] == sample
        for group in (sample, lines[len(sample) :]):
            hashes = [hashlib.sha256(f"{seed}:{uscc}:{one.key}".encode()).hexdigest() for one in group]
            assert hashes == sorted(hashes)


def test_a_known_draw() -> None:
    clients = [Client(USCC, f"C{number:04d}") for number in range(1, 7)]
    drawn = draw_clients(clients, seed="2021-seed", size=Size("fixed", 2))
    # sha256sum of 2021-seed:91310199MA0000A197:C0001 and so on, sorted by hand
    assert [one.key for one in drawn] == KNOWN
    assert [one.role for one in drawn] == ["sample"] * 2 + ["reserve"] * 4


KNOWN = ["C0005", "C0003", "C0001", "C0002", "C0006", "C0004"]


def test_every_stratum_is_drawn_by_the_same_order() -> None:
    clients = [Client(USCC, f"C{number:04d}", stratum="大" if number % 4 else "小") for number in range(1, 41)]
    drawn = draw_clients(clients, seed="s", size=Size("fixed", 8))
    by_stratum = {name: [one.key for one in drawn if one.stratum == name and one.role == "sample"] for name in "大小"}
    assert {name: len(keys) for name, keys in by_stratum.items()} == {"大": 6, "小": 2}
    for name, keys in by_stratum.items():
        alone = draw_clients([one for one in clients if one.stratum == name], seed="s", size=Size("fixed", len(keys)))
        assert keys == [one.key for one in alone if one.role == "sample"]


def test_reserves_may_be_bounded() -> None:
    clients = [Client(USCC, f"C{number:04d}") for number in range(1, 31)]
    drawn = draw_clients(clients, seed="s", size=Size("fixed", 10), reserves=5)
    assert [one.role for one in drawn] == ["sample"] * 10 + ["reserve"] * 5
    assert drawn == draw_clients(clients, seed="s", size=Size("fixed", 10))[:15]


def test_the_hash_of_a_frame() -> None:
    clients = [Client(USCC, "C0002", "乙"), Client(USCC, "C0001", "甲")]
    text = f"{USCC},C0001\n{USCC},C0002\n"
    assert frame_hash(clients) == hashlib.sha256(text.encode()).hexdigest()
    changed = [Client(USCC, "C0002", "丙"), Client(USCC, "C0001", "甲")]
    assert frame_hash(changed) == frame_hash(clients)
    assert frame_hash(changed, names=True) != frame_hash(clients, names=True)
