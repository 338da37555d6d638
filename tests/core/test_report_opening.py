"""What a return opens: the place of each remark, what hangs on it, and everything where that cannot be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.report.opening import places_against, places_opened
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.loading import load

_scheme, _ = load("shanghai-2021")
assert _scheme is not None
FORM: FormFile = _scheme.form


@pytest.mark.parametrize(
    ("remark", "opened"),
    [
        (("field", "address"), ("field:address",)),
        (("table", "clients"), ("table:clients",)),
        # The teams stand under the rows of the departments: a new department has to get its own.
        (("table", "departments"), ("table:departments", "table:team")),
        (("table", "team"), ("table:team",)),
        (("row", "clients/3"), ("row:clients/3",)),
        (("row", "clients/03"), ("row:clients/3",)),
        (("attachment", "7"), ("item:7",)),
        # 如无收费标准，需提供说明: the words may take the place of the file.
        (("attachment", "3"), ("item:3", "field:fee_note")),
        (("part", "supplement"), ("field:special_audit", "field:fee_note", "field:uscc_reason", "table:investors")),
        (("part", "commitment"), ("commitment",)),
    ],
)
def test_a_remark_opens_its_place_and_what_hangs_on_it(remark: tuple[str, str], opened: tuple[str, ...]) -> None:
    assert places_opened(FORM, [remark]) == opened


@pytest.mark.parametrize(
    "remark",
    [
        ("whole", ""),
        ("field", "nothing"),
        ("table", ""),
        ("row", "clients"),
        ("row", "nothing/1"),
        ("row", "clients/三"),
        ("attachment", "99"),
        ("attachment", "附件07_合作协议_1.jpg"),
        ("part", "nothing"),
        ("other", "x"),
    ],
)
def test_what_cannot_be_placed_opens_everything(remark: tuple[str, str]) -> None:
    assert places_opened(FORM, [("field", "address"), remark]) is None


def test_the_checklist_as_a_part_opens_every_item() -> None:
    opened = places_opened(FORM, [("part", "checklist")])
    assert opened is not None
    assert [one for one in opened if one.startswith("item:")] == [f"item:{n}" for n in range(1, 11)]


def test_every_part_can_be_remarked_on_and_together_they_are_the_form() -> None:
    parts = ["cover", "supplement", *(part.id for part in FORM.parts)]
    opened = {one for part in parts for one in places_opened(FORM, [("part", part)]) or ()}
    places = {f"field:{field.id}" for field in FORM.fields} | {f"table:{table.id}" for table in FORM.tables}
    assert opened == places | {f"item:{item.number}" for item in FORM.checklist.items} | {"commitment"}


_REMARKS = st.lists(
    st.one_of(
        st.sampled_from(FORM.fields).map(lambda one: ("field", one.id)),
        st.sampled_from(FORM.tables).map(lambda one: ("table", one.id)),
        st.tuples(st.sampled_from(FORM.tables), st.integers(1, 99)).map(lambda one: ("row", f"{one[0].id}/{one[1]}")),
        st.sampled_from(FORM.checklist.items).map(lambda one: ("attachment", str(one.number))),
    ),
    min_size=1,
)


@given(_REMARKS, _REMARKS)
def test_more_remarks_open_what_each_opens_once(first: list[tuple[str, str]], second: list[tuple[str, str]]) -> None:
    one, two, both = (places_opened(FORM, given) for given in (first, second, first + second))
    assert one is not None
    assert two is not None
    assert both == tuple(dict.fromkeys(one + two))


@pytest.mark.parametrize(
    ("code", "key", "places"),
    [
        ("report_part_exceeds", "fulltime_count", ("field:headcount",)),
        ("report_part_exceeds", "headcount", ()),
        ("report_list_exceeds", "client_count", ("table:clients",)),
        ("report_attachment_missing", "3", ("field:fee_note",)),
        ("report_attachment_missing", "4", ()),
    ],
)
def test_a_fault_can_be_mended_at_either_side(code: str, key: str, places: tuple[str, ...]) -> None:
    assert places_against(FORM, code, key) == places
