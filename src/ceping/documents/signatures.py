"""Digital signatures in a PDF that was handed in (PAdES): who signed, when, and whether the file changed since.

No network is used: neither OCSP nor CRL is fetched, so a revoked certificate is not known as such. A signer is trusted
when the chain of the certificate ends at one of the roots given; without roots nobody is, and the words say so.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, Level, fault
from ceping.documents.confined import MB, Limits, run
from ceping.documents.refusal import Refused

_TASK = "ceping.documents.signatures:read_signatures"
_LIMITS = Limits(cpu_seconds=20, memory_bytes=800 * MB, wall_seconds=60)
_BEIJING = timezone(timedelta(hours=8))
# How a signature stands, worst first; `sound` and `extended` are the two that hold.
STATES = ("unsupported", "altered", "invalid", "partial", "altered_later", "extended", "sound")
_OF_STATE = {
    "unsupported": "signature_unsupported",
    "altered": "signature_altered",
    "invalid": "signature_invalid",
    "partial": "signature_partial",
    "altered_later": "signature_altered_later",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: its field, the names in its certificate, the time it claims, one of STATES, and its certificate.

    `at`, `since` and `until` are ISO; `stamped` says that a time stamp authority vouches for `at`. `trusted` is None
    when no root was given.
    """

    field: str
    state: str
    signer: str = ""
    issuer: str = ""
    at: str = ""
    stamped: bool = False
    since: str = ""
    until: str = ""
    trusted: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether the signed content is unchanged and the signature is by this certificate."""
        return self.state in ("sound", "extended")


def signatures_in(path: Path, *, roots: Sequence[Path] = ()) -> list[Signature]:
    """The signatures of a PDF in the order they were made, read in a child; raises Refused.

    `roots` are certificates (PEM or DER) whose holders are trusted to name people.
    """
    options = {"roots": [str(root.absolute()) for root in roots]}
    found: list[Mapping[str, Any]] = run(_TASK, path, options, limits=_LIMITS)
    return [Signature(**one) for one in found]


def faults_in_signatures(signatures: Sequence[Signature], *, at: datetime, file: str = "") -> list[Finding]:
    """What there is to say of the signatures, also that one is sound: that is for a person to hold against the seal.

    `at` is now, with its zone: a certificate may have expired since.
    """
    if not signatures:
        return [fault("signature_none", file=file, level=Level.WARNING)]
    return [finding for one in signatures for finding in _faults(one, at, file)]


def _faults(one: Signature, at: datetime, file: str) -> Iterator[Finding]:
    who = {"signer": one.signer or "—", "at": shown(one.at)}
    if not one.holds:
        yield Finding(_OF_STATE[one.state], file, one.field, tuple(who.items()))
        return
    if one.trusted:
        yield fault("signature_valid", file=file, place=one.field, level=Level.WARNING, **who)
    else:
        issuer = one.issuer or "—"
        yield fault("signature_untrusted", file=file, place=one.field, level=Level.WARNING, issuer=issuer, **who)
    if one.state == "extended":
        yield fault("signature_extended", file=file, place=one.field, level=Level.WARNING)
    signed = datetime.fromisoformat(one.at) if one.at else None
    since, until = datetime.fromisoformat(one.since), datetime.fromisoformat(one.until)
    if signed is not None and not since <= signed <= until:
        yield fault("signature_outside", file=file, place=one.field, since=shown(one.since), until=shown(one.until))
    elif until < at:
        yield fault("signature_expired", file=file, place=one.field, level=Level.WARNING, until=shown(one.until))
    if not one.stamped:
        yield fault("signature_own_clock", file=file, place=one.field, level=Level.WARNING)


def shown(at: str) -> str:
    """A moment as people write it, in Beijing time; a dash when there is none."""
    return datetime.fromisoformat(at).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M") if at else "—"


def read_signatures(path: Path, *, roots: Sequence[str]) -> list[dict[str, Any]]:
    """As `signatures_in`, as plain JSON; made to be called in a child. Raises Refused for what is no readable PDF."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- takes most of a second
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- as above
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 -- as above

    trusted = [_certificate(Path(root)) for root in roots]
    with path.open("rb") as stream:
        try:
            reader = PdfFileReader(stream, strict=False)
            if reader.encrypted:
                raise Refused("scan_pdf_locked")
            # Not the library's own list: it leaves out what it cannot verify, which would then seem unsigned.
            fields = [(name, field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
        except (PdfError, ValueError, KeyError, IndexError, TypeError) as error:
            raise Refused("scan_pdf_broken", detail=str(error)[:120]) from error
        found = [_signature(reader, name, field, trusted) for name, field in fields]
        return [told for _, told in sorted((one for one in found if one is not None), key=lambda one: one[0])]


def _signature(reader: Any, name: str, field: Any, trusted: list[Any]) -> tuple[int, dict[str, Any]] | None:  # noqa: ANN401 -- the library's own
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature  # noqa: PLC0415 -- as above

    # A certificate, an algorithm (SM2) or a structure that the library does not know ends in any of many exceptions;
    # each means the same to the reader: there is a signature, and it cannot be verified here.
    try:
        signature = EmbeddedPdfSignature(reader, field, name)
        if signature.sig_object_type != "/Sig":
            return None
        status, reported = _status(signature, trusted)
    except Exception:  # noqa: BLE001 -- said above
        return 1 << 30, {"field": name, "state": "unsupported"}
    certificate = signature.signer_cert
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.intact and stamp.valid
    at = stamp.timestamp if stamped else reported
    told = {
        "field": name,
        "state": _state(status),
        "signer": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "at": at.isoformat() if at is not None else "",
        "stamped": stamped,
        "since": certificate.not_valid_before.isoformat(),
        "until": certificate.not_valid_after.isoformat(),
        "trusted": bool(status.trusted) if trusted else None,
    }
    return signature.signed_revision, told


def _status(signature: Any, trusted: list[Any]) -> tuple[Any, datetime | None]:  # noqa: ANN401 -- as above
    from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature  # noqa: PLC0415 -- as above
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415 -- as above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- as above

    certificate, reported = signature.signer_cert, signature.self_reported_timestamp
    if reported is not None and reported.tzinfo is None:
        reported = reported.replace(tzinfo=UTC)
    # The chain is judged as it stood when the signature was made; that the certificate expired since is said apart.
    moment = reported or certificate.not_valid_before
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=moment, revocation_mode="soft-fail")
    checked = async_validate_pdf_signature(
        signature,
        signer_validation_context=context,
        # A seal of a company signs as often with digitalSignature as with nonRepudiation.
        key_usage_settings=KeyUsageConstraints(key_usage=set()),
    )
    return asyncio.run(checked), reported


def _state(status: Any) -> str:  # noqa: ANN401 -- as above
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415 -- as above
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 -- as above

    if not status.intact:
        return "altered"
    if not status.valid:
        return "invalid"
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "partial"
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "sound"
    if status.modification_level in (None, ModificationLevel.OTHER) or not status.docmdp_ok:
        return "altered_later"
    return "extended"


def _name(name: Any) -> str:  # noqa: ANN401 -- as above
    parts = name.native
    found = parts.get("common_name") or parts.get("organization_name") or name.human_friendly
    return "、".join(found) if isinstance(found, list) else str(found)


def _certificate(path: Path) -> Any:  # noqa: ANN401 -- as above
    from pyhanko.keys import load_cert_from_pemder  # noqa: PLC0415 -- as above

    load: Any = load_cert_from_pemder
    try:
        return load(str(path))
    except (OSError, ValueError, TypeError) as error:
        raise Refused("signature_root_unreadable", {"path": path.name}) from error
