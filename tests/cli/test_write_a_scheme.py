"""The page on writing a scheme, followed to the letter: from an empty folder to a clean check."""

import re
from pathlib import Path

from ceping.cli.scheme_page import page_of
from ceping.core.evaluation.cases import run_cases
from ceping.core.scheme.loading import FILES, OPTIONAL, load_folder
from ceping.core.scheme.outcome import OutcomeFile
from ceping.core.scheme.rules import rules_in

PAGE = (Path(__file__).parents[2] / "docs/how-to/write-a-scheme.md").read_text(encoding="utf-8")


def test_from_an_empty_folder_to_a_clean_check(tmp_path: Path) -> None:
    scheme, findings = load_folder(tmp_path)
    assert scheme is None
    assert [(one.code, one.file) for one in findings] == [
        ("file_missing", file) for file in FILES if file not in OPTIONAL
    ]
    blocks = re.findall(r"`my-city/([\w/.]+)`:.*?```toml\n(.*?)```", PAGE, re.DOTALL)
    for name, text in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    scheme, findings = load_folder(tmp_path)
    assert findings == []
    assert scheme is not None
    ran, findings = run_cases(scheme, tmp_path)
    assert (len(ran), findings) == (4, [])
    assert page_of(scheme).startswith("某市中小企业服务机构评价  my-city@1\n")


def test_every_word_of_its_table_is_a_word_of_the_language() -> None:
    table = PAGE[PAGE.index("| The text says") : PAGE.index("\n## Write four files")]
    kinds = re.findall(r"rule `(\w+)`", table)
    assert len(kinds) == len(set(kinds)) == 11
    scheme, _ = load_folder(Path(__file__).parents[2] / "src/ceping/schemes/tech-sme")
    assert scheme is not None
    assert {rule.kind for item in scheme.scored for rule in rules_in(item.item.rule)} <= set(kinds)
    keys = {field.alias or name for name, field in OutcomeFile.model_fields.items()}
    wanted = {"gate", "bonus", "total_cap", "ceiling", "any_of", "quota", "history", "mapping"}
    assert wanted <= keys & set(re.findall(r"`(\w+)`", table))
