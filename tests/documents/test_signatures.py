"""What is signed with a P12 is told as signed; every way a signature can fail is told by its own name."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest

from ceping.core.finding import Finding
from ceping.documents.refusal import Refused
from ceping.documents.signatures import faults_in_signatures, signatures_in
from ceping.documents.signing import Appearance, open_p12, sign
from tests.factories.certificate import PASSWORD, Authority
from tests.factories.scan import page, write_pdf
from tests.factories.seal import seal_picture

AT = datetime(2022, 2, 1, 2, 30, tzinfo=UTC)
LATER = datetime(2022, 3, 1, tzinfo=UTC)
NAME = "上海示例企业服务有限公司"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def plain(tmp_path: Path) -> bytes:
    return write_pdf(tmp_path / "plain.pdf", [page(number, width=600, height=800) for number in (1, 2)]).read_bytes()


def signed(authority: Authority, pdf: bytes, **options: object) -> bytes:
    return sign(pdf, open_p12(authority.p12(NAME), PASSWORD), **{"at": AT, **options})


def told(path: Path, pdf: bytes, *, roots: tuple[Path, ...] = (), at: datetime = LATER) -> list[Finding]:
    path.write_bytes(pdf)
    found = faults_in_signatures(signatures_in(path, roots=roots), at=at)
    for one in found:
        assert all(one.message(language) and one.remedy(language) for language in ("zh", "en"))
    return [one for one in found if one.code != "signature_own_clock"]


def test_a_sound_signature(authority: Authority, plain: bytes, tmp_path: Path) -> None:
    pdf = signed(authority, plain, reason="测评结果", place="上海")
    (found,) = told(tmp_path / "x.pdf", pdf, roots=(authority.root,))
    assert found.code == "signature_valid"
    assert found.message().startswith(f"检测到有效签名：{NAME}，2022-02-01 10:30")
    (unknown,) = told(tmp_path / "x.pdf", pdf)
    assert (unknown.code, dict(unknown.values)["issuer"]) == ("signature_untrusted", "测试根证书")
    (signature,) = signatures_in(tmp_path / "x.pdf")
    assert (signature.state, signature.at, signature.stamped) == ("sound", "2022-02-01T10:30:00+08:00", False)


def test_nobody_signed(plain: bytes, tmp_path: Path) -> None:
    assert [one.code for one in told(tmp_path / "x.pdf", plain)] == ["signature_none"]


def test_two_signatures(authority: Authority, plain: bytes, tmp_path: Path) -> None:
    once = signed(authority, plain)
    with pytest.raises(Refused, match="sign_field_taken"):
        signed(authority, once)
    twice = signed(authority, once, field="Second")
    codes = [(one.code, one.place) for one in told(tmp_path / "x.pdf", twice, roots=(authority.root,))]
    assert codes == [
        ("signature_valid", "CepingSignature"),
        ("signature_extended", "CepingSignature"),
        ("signature_valid", "Second"),
    ]


def a_byte_changed(pdf: bytes) -> bytes:
    place = pdf.index(b"/Type /Page")
    return pdf[:place] + b"/Type /Pagf" + pdf[place + 11 :]


def a_page_added(pdf: bytes) -> bytes:
    from io import BytesIO  # noqa: PLC0415

    from pyhanko.pdf_utils.generic import NameObject  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    first = writer.root["/Pages"]["/Kids"][0]
    first[NameObject("/Rotate")] = writer.root["/Pages"]["/Count"].__class__(90)
    writer.update_container(first)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def another_algorithm(pdf: bytes) -> bytes:
    sha256, sm3 = "0609608648016503040201", "0609608648016503040f01"
    return pdf.replace(sha256.encode(), sm3.encode()).replace(sha256.upper().encode(), sm3.encode())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (a_byte_changed, "signature_altered"),
        (a_page_added, "signature_altered_later"),
        (another_algorithm, "signature_unsupported"),
    ],
)
def test_what_fails(
    authority: Authority, plain: bytes, tmp_path: Path, change: Callable[[bytes], bytes], code: str
) -> None:
    pdf = signed(authority, plain)
    changed = change(pdf)
    assert changed != pdf
    assert [one.code for one in told(tmp_path / "x.pdf", changed, roots=(authority.root,))] == [code]


def test_certificates_out_of_force(authority: Authority, plain: bytes, tmp_path: Path) -> None:
    short = authority.p12(NAME, since=datetime(2021, 6, 1, tzinfo=UTC), until=datetime(2022, 2, 10, tzinfo=UTC))
    opened = open_p12(short, PASSWORD)
    assert opened.signer == NAME
    with pytest.raises(Refused, match="certificate_not_in_force") as refusal:
        sign(plain, opened, at=LATER)
    assert refusal.value.values == {"since": "2021-06-01", "until": "2022-02-10"}
    pdf = sign(plain, opened, at=AT)
    codes = [one.code for one in told(tmp_path / "x.pdf", pdf, roots=(authority.root,))]
    assert codes == ["signature_valid", "signature_expired"]


def test_wrong_password_and_wrong_file(authority: Authority) -> None:
    with pytest.raises(Refused, match="p12_password_wrong"):
        open_p12(authority.p12(NAME), "nonsense")
    with pytest.raises(Refused, match="p12_unreadable"):
        open_p12(b"-----BEGIN CERTIFICATE-----", PASSWORD)


def test_a_seal_shows_where_it_is_wanted(authority: Authority, plain: bytes) -> None:
    with pytest.raises(Refused, match="sign_page_absent"):
        signed(authority, plain, appearance=Appearance(seal_picture(), page=3))
    pdf = signed(authority, plain, appearance=Appearance(seal_picture(), page=2, left=10, bottom=20, width=30))
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    assert [_reds(document[number]) > 500 for number in (0, 1)] == [False, True]


def _reds(sheet: pypdfium2.PdfPage) -> int:
    picture = sheet.render(scale=2, may_draw_forms=True).to_pil().convert("RGB")
    width, height = picture.size
    corner = np.asarray(picture.crop((0, height - height // 3, width // 2, height)))
    return int(((corner[..., 0] > 180) & (corner[..., 1] < 90)).sum())


def test_what_cannot_be_read_or_signed(authority: Authority, plain: bytes, tmp_path: Path) -> None:
    half = plain[: len(plain) // 2]
    (tmp_path / "plain2.pdf").write_bytes(plain)
    with pikepdf.open(tmp_path / "plain2.pdf") as document:
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    locked = (tmp_path / "locked.pdf").read_bytes()
    for pdf, code in ((half, "scan_pdf_broken"), (locked, "scan_pdf_locked"), (b"", "scan_pdf_broken")):
        (tmp_path / "x.pdf").write_bytes(pdf)
        with pytest.raises(Refused, match=code):
            signatures_in(tmp_path / "x.pdf")
        with pytest.raises(Refused, match=code):
            signed(authority, pdf)


def test_a_root_that_is_none(plain: bytes, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("?", encoding="utf-8")
    (tmp_path / "x.pdf").write_bytes(plain)
    with pytest.raises(Refused, match="signature_root_unreadable"):
        signatures_in(tmp_path / "x.pdf", roots=[tmp_path / "root.pem"])
