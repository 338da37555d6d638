"""What is issued is signed (PAdES) with the certificate of a P12 file; a seal overlaid or a page added comes before."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ceping.documents.refusal import Refused

_BEIJING = timezone(timedelta(hours=8))
_MM = 72 / 25.4
FIELD = "CepingSignature"


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where the signature shows and as what: a picture (a seal as PNG) on a page from 1, lengths in millimetres.

    `left` and `bottom` are from the lower left corner of the page as it stands upright.
    """

    picture: bytes
    page: int = 1
    left: int = 130
    bottom: int = 30
    width: int = 42


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, opened; `signer` and `until` are what its holder should see before signing."""

    signer: str
    since: datetime
    until: datetime
    _signer: Any


def open_p12(data: bytes, password: str) -> Certificate:
    """The certificate and key of a P12 file; raises Refused when the password is wrong or it is no such file."""
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 -- takes most of a second

    try:
        signer = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode())
    except (ValueError, TypeError, AttributeError) as error:
        # The library says neither which of the two it was.
        code = "p12_password_wrong" if data[:1] == b"\x30" else "p12_unreadable"
        raise Refused(code) from error
    if signer.signing_cert is None:
        raise Refused("p12_unreadable")
    found = signer.signing_cert
    name = found.subject.native.get("common_name") or found.subject.human_friendly
    return Certificate(str(name), found.not_valid_before, found.not_valid_after, signer)


def sign(
    pdf: bytes,
    certificate: Certificate,
    *,
    at: datetime,
    reason: str = "",
    place: str = "",
    field: str = FIELD,
    appearance: Appearance | None = None,
) -> bytes:
    """The PDF with one more signature over all of it, dated `at`; raises Refused and changes nothing otherwise.

    The signature is invisible, or shows the picture of `appearance`. A field of that name may stand empty already.
    The bytes before stay as they were; a file identifier in what is added is random, so the result is not repeatable.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 -- as above
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- as above
    from pyhanko.sign import fields, signers  # noqa: PLC0415 -- as above
    from pyhanko.sign.general import SigningError  # noqa: PLC0415 -- as above

    if not certificate.since <= at <= certificate.until:
        told = (moment.astimezone(_BEIJING).strftime("%Y-%m-%d") for moment in (certificate.since, certificate.until))
        raise Refused("certificate_not_in_force", dict(zip(("since", "until"), told, strict=True)))
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        reason=reason or None,
        location=place or None,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise Refused("scan_pdf_locked")
        spec = fields.SigFieldSpec(field)
        if appearance is not None:
            spec = fields.SigFieldSpec(field, on_page=appearance.page - 1, box=_box(writer, appearance))
        style = _style(appearance)
        signer = _dated(at)(meta, certificate._signer, stamp_style=style, new_field_spec=spec)  # noqa: SLF001 -- a module's own
        out: io.BytesIO = signer.sign_pdf(writer)
    except SigningError as error:
        code = "sign_field_taken" if "already" in str(error) or "filled" in str(error) else "sign_refused"
        raise Refused(code, {"field": field} if code == "sign_field_taken" else {}, str(error)[:120]) from error
    except (PdfError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused("scan_pdf_broken", detail=str(error)[:120]) from error
    return out.getvalue()


def _dated(at: datetime) -> Any:  # noqa: ANN401 -- the library's own
    from pyhanko.sign.signers import PdfSigner  # noqa: PLC0415 -- as above

    class Dated(PdfSigner):
        """Signs at the moment given; the library would look at the clock of the machine."""

        def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 -- as the library calls it
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = at.astimezone(_BEIJING)
            return session

    return Dated


def _box(writer: Any, appearance: Appearance) -> tuple[int, int, int, int]:  # noqa: ANN401 -- as above
    from PIL import Image  # noqa: PLC0415 -- an invisible signature needs none

    count = int(writer.prev.root["/Pages"]["/Count"])
    if not 1 <= appearance.page <= count:
        raise Refused("sign_page_absent", {"page": str(appearance.page), "count": str(count)})
    with Image.open(io.BytesIO(appearance.picture), formats=("PNG", "JPEG")) as picture:
        height = appearance.width * picture.height / picture.width
    left, bottom = appearance.left * _MM, appearance.bottom * _MM
    return round(left), round(bottom), round(left + appearance.width * _MM), round(bottom + height * _MM)


def _style(appearance: Appearance | None) -> Any:  # noqa: ANN401 -- as above
    from PIL import Image  # noqa: PLC0415 -- as above
    from pyhanko.pdf_utils.images import PdfImage  # noqa: PLC0415 -- as above
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415 -- as above

    if appearance is None:
        return None
    picture = Image.open(io.BytesIO(appearance.picture), formats=("PNG", "JPEG"))
    whole = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins(0, 0, 0, 0),
        inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
    )
    return StaticStampStyle(
        background=PdfImage(picture.convert("RGBA")), background_layout=whole, border_width=0, background_opacity=1.0
    )
