"""`ceping pdf`: signatures told and made, the cross-page seal, a sealed scan held against what was issued."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import print_findings, refuse
from ceping.core.finding import Finding, fault

app = typer.Typer(add_completion=False)

# Where a site keeps the certificate it signs with; the password is never given on a command line, which others can see.
_P12, _PASSWORD = "CEPING_P12", "CEPING_P12_PASSWORD"
_MOST_BYTES = 200 << 20
_QUIET = ("signature_valid", "signature_own_clock")
_JSON = "以 JSON 列出问题。"
_OUT = "写成这个文件；已存在的不覆盖。"


@app.command(help="查看 PDF 的电子签名：签名人、时间、签名后有没有改动；不联网，不查吊销。")
def signatures(
    paths: Annotated[list[Path], typer.Argument(metavar="文件…", help="一个或多个 PDF。")],
    root: Annotated[
        list[Path] | None, typer.Option("--root", metavar="FILE", help="受信任的根证书（PEM 或 DER），可写多次。")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_JSON)] = False,
) -> None:
    """What stands in each file; exit 0 when all are signed, unchanged and by a trusted signer, 1 otherwise."""
    from ceping.documents.confined import as_finding  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.refusal import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.signatures import faults_in_signatures, signatures_in  # noqa: PLC0415 -- as above

    found: list[Finding] = []
    for path in paths:
        _readable(path, as_json=as_json)
        try:
            signed = signatures_in(path, roots=root or ())
        except Refused as refused:
            found.append(as_finding(refused, file=path.name))
            continue
        found += faults_in_signatures(signed, at=datetime.now(UTC), file=path.name)
    print_findings(found, as_json=as_json)
    raise typer.Exit(int(any(one.code not in _QUIET for one in found)))


@app.command(help="用 P12 证书给 PDF 签名；密码取自环境变量 CEPING_P12_PASSWORD，没有就询问。")
def sign(
    path: Annotated[Path, typer.Argument(metavar="文件", help="要签名的 PDF；骑缝章须已盖好。")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_OUT)],
    p12: Annotated[
        Path | None,
        typer.Option("--certificate", metavar="FILE", help="P12/PFX 证书文件；默认取自 CEPING_P12。"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="签名事由，如“测评结果”。")] = "",
    field: Annotated[str, typer.Option("--field", help="签名域名称；再签一次时换一个。")] = "CepingSignature",
    seal: Annotated[
        Path | None, typer.Option("--seal", metavar="FILE", help="签名处显示的印章图片（PNG）；不给则签名不可见。")
    ] = None,
    page: Annotated[int, typer.Option("--page", min=1, help="印章在第几页。")] = 1,
    left: Annotated[int, typer.Option("--left", min=0, help="印章左边离页面左边多少毫米。")] = 130,
    bottom: Annotated[int, typer.Option("--bottom", min=0, help="印章下边离页面下边多少毫米。")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help=_JSON)] = False,
) -> None:
    """The signed file stands at OUT, or nothing does; exit 2 when it could not be signed."""
    from ceping.documents.confined import as_finding  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.refusal import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.signing import Appearance, open_p12  # noqa: PLC0415 -- as above
    from ceping.documents.signing import sign as signed_by  # noqa: PLC0415 -- as above

    given = p12 or (Path(os.environ[_P12]) if os.environ.get(_P12) else None)
    if given is None:
        refuse(fault("p12_absent", setting=_P12), as_json=as_json)
    for needed in (path, given, *([seal] if seal else [])):
        _readable(needed, as_json=as_json)
    _free(out, as_json=as_json)
    password = os.environ.get(_PASSWORD)
    if password is None:
        password = typer.prompt("证书密码", hide_input=True, default="", show_default=False)
    shown: Appearance | None = None
    if seal is not None:
        shown = Appearance(seal.read_bytes(), page=page, left=left, bottom=bottom)
    try:
        certificate = open_p12(given.read_bytes(), password)
        moment = datetime.now(UTC)
        data = signed_by(path.read_bytes(), certificate, at=moment, reason=reason, field=field, appearance=shown)
    except Refused as refused:
        refuse(as_finding(refused, file=path.name), as_json=as_json)
    _write(out, data)
    if not as_json:
        print(f"已签名，写成 {out}；签名人：{certificate.signer}，证书有效期至 {certificate.until:%Y-%m-%d}。")


@app.command(help="盖骑缝章：一枚印章切成条，盖在每一页的右边缘；须在签名之前。")
def seam(
    path: Annotated[Path, typer.Argument(metavar="文件", help="要盖章的 PDF，两页以上。")],
    seal: Annotated[Path, typer.Option("--seal", metavar="FILE", help="印章图片，PNG 透明底最好。")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_OUT)],
    diameter: Annotated[int, typer.Option("--diameter", min=10, max=100, help="印章直径，毫米。")] = 42,
    middle: Annotated[int, typer.Option("--middle", min=0, max=2000, help="印章中心离页面下边多少毫米。")] = 148,
    most: Annotated[int, typer.Option("--most", min=2, max=200, help="一枚印章最多盖几页；页数多时盖几枚。")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help=_JSON)] = False,
) -> None:
    """The sealed file stands at OUT, or nothing does; exit 2 when it could not be sealed."""
    from ceping.documents.confined import as_finding  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.refusal import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.seals import Seam, cross_page_seal  # noqa: PLC0415 -- as above

    for needed in (path, seal):
        _readable(needed, as_json=as_json)
    _free(out, as_json=as_json)
    try:
        laid = Seam(diameter=diameter, middle=middle, most=most)
        data = cross_page_seal(path.read_bytes(), seal.read_bytes(), seam=laid)
    except Refused as refused:
        refuse(as_finding(refused, file=path.name), as_json=as_json)
    _write(out, data)
    if not as_json:
        print(f"已盖骑缝章，写成 {out}。")


@app.command(help="把盖章后交回的 PDF 与签发的核对：有文字的按文字，是扫描图片的按二维码，并说明每页怎么核对的。")
def compare(
    issued: Annotated[Path, typer.Argument(metavar="签发的文件", help="签发的 PDF。")],
    sealed: Annotated[Path, typer.Argument(metavar="交回的文件", help="盖章后交回的 PDF，可以是整套扫描件。")],
    as_json: Annotated[bool, typer.Option("--json", help=_JSON)] = False,
) -> None:
    """How each page was compared and what differs; exit 0 when nothing does and every page was compared."""
    from ceping.documents.confined import as_finding  # noqa: PLC0415 -- help pages need none of it
    from ceping.documents.refusal import Refused  # noqa: PLC0415 -- as above
    from ceping.documents.scans import compare_sealed  # noqa: PLC0415 -- as above

    for path in (issued, sealed):
        _readable(path, as_json=as_json)
    try:
        compared = compare_sealed(issued, sealed, file=sealed.name)
    except Refused as refused:
        refuse(as_finding(refused, file=sealed.name), as_json=as_json)
    print_findings(compared.findings, as_json=as_json)
    raise typer.Exit(int(any(one.code != "sealed_compared" for one in compared.findings)))


def _readable(path: Path, *, as_json: bool) -> None:
    if not path.is_file():
        refuse(fault("file_missing", file=str(path)), as_json=as_json)
    if path.stat().st_size > _MOST_BYTES:
        refuse(fault("file_too_large", file=str(path), most=f"{_MOST_BYTES >> 20} MB"), as_json=as_json)


def _free(out: Path, *, as_json: bool) -> None:
    if out.exists() or out.is_symlink():
        refuse(fault("pdf_out_stands", path=out), as_json=as_json)


def _write(out: Path, data: bytes) -> None:
    part = out.with_name(f".{out.name[:100]}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
