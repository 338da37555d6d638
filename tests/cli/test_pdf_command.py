"""`ceping pdf` as somebody types it: seal, sign, tell, compare, and every refusal in one sentence."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.certificate import PASSWORD, Authority
from tests.factories.scan import page, write_pdf
from tests.factories.seal import seal_picture


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CEPING_P12_PASSWORD", PASSWORD)
    monkeypatch.delenv("CEPING_P12", raising=False)
    write_pdf(tmp_path / "plain.pdf", [page(number, width=600, height=800) for number in (1, 2)])
    (tmp_path / "seal.png").write_bytes(seal_picture())
    (tmp_path / "our.p12").write_bytes(Authority(tmp_path).p12("上海示例企业服务有限公司"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    out = capsys.readouterr().out
    return code, [one["code"] for one in json.loads(out)["findings"]] if out else []


def test_sealed_then_signed_then_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pdf", "seam", "plain.pdf", "--seal", "seal.png", "--out", "sealed.pdf"]) == 0
    assert (
        main(["pdf", "sign", "sealed.pdf", "--out", "signed.pdf", "--certificate", "our.p12", "--seal", "seal.png"])
        == 0
    )
    assert "签名人：上海示例企业服务有限公司" in capsys.readouterr().out
    trusted = told(capsys, "pdf", "signatures", "signed.pdf", "--root", "root.pem")
    assert trusted == (0, ["signature_own_clock", "signature_valid"])
    unknown = told(capsys, "pdf", "signatures", "signed.pdf", "plain.pdf")
    assert unknown == (1, ["signature_none", "signature_own_clock", "signature_untrusted"])
    assert sorted(path.name for path in place.glob("*.pdf")) == ["plain.pdf", "sealed.pdf", "signed.pdf"]


def test_refusals_write_nothing(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign, seam = ("pdf", "sign", "plain.pdf"), ("pdf", "seam", "plain.pdf", "--seal")
    (place / "one.pdf").write_bytes(write_pdf(place / "x.pdf", [page(1, width=200, height=300)]).read_bytes())
    assert told(capsys, *sign, "--out", "o.pdf") == (2, ["p12_absent"])
    assert told(capsys, *sign, "--out", "plain.pdf", "--certificate", "our.p12") == (2, ["pdf_out_stands"])
    assert told(capsys, *sign, "--out", "o.pdf", "--certificate", "seal.png") == (2, ["p12_unreadable"])
    assert told(capsys, "pdf", "sign", "seal.png", "--out", "o.pdf", "--certificate", "our.p12") == (
        2,
        ["scan_pdf_broken"],
    )
    assert told(capsys, *seam, "our.p12", "--out", "o.pdf") == (2, ["seal_unreadable"])
    assert told(capsys, "pdf", "seam", "one.pdf", "--seal", "seal.png", "--out", "o.pdf") == (2, ["seam_one_page"])
    assert told(capsys, "pdf", "signatures", "absent.pdf") == (2, ["file_missing"])
    assert told(capsys, "pdf", "compare", "plain.pdf", "seal.png") == (2, ["scan_pdf_broken"])
    monkeypatch.setenv("CEPING_P12_PASSWORD", "wrong")
    monkeypatch.setenv("CEPING_P12", "our.p12")
    assert told(capsys, *sign, "--out", "o.pdf") == (2, ["p12_password_wrong"])
    assert not (place / "o.pdf").exists()
    assert [path.name for path in place.iterdir() if path.name.endswith(".part")] == []
