"""The attachments of a report against the checklist, and the truth commitment against its text and signer."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from ceping.core.finding import Level, fault
from ceping.core.names import is_blank, normalised
from ceping.core.report.answers import Attachment, missing
from ceping.core.report.frame import Findings, Frame
from ceping.core.report.values import day_in
from ceping.core.scheme.layout import ChecklistItem

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST_PATH = 255
# `附件07_合作协议甲_2.jpg`: the pages of one content differ in their last number.
_PAGE = re.compile(r"_[0-9]{1,4}$", re.ASCII)
_UNSAFE = re.compile(r"[\\:*?\"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def attachment_faults(frame: Frame, indicators: frozenset[str]) -> Findings:
    """Faults of each attachment, then what the checklist misses; `indicators` are the ids one may name."""
    seen: set[tuple[str, int | None]] = set()
    for attachment in frame.report.attachments:
        place = f"{frame.item_place(attachment.item)} {attachment.file[:60]}".strip()
        yield from _file_faults(frame, attachment, place)
        if attachment.item is not None and frame.form.item(attachment.item) is None:
            yield fault("report_item_unknown", file=frame.file, place=place, given=attachment.item)
        if attachment.item is None and not attachment.indicators:
            yield fault("report_attachment_loose", file=frame.file, place=place, level=Level.WARNING)
        for key in attachment.indicators:
            if indicators and key not in indicators:
                yield fault("report_indicator_unknown", file=frame.file, place=place, given=key[:40])
        if (attachment.file, attachment.item) in seen:
            yield fault("report_attachment_repeated", file=frame.file, place=place)
        seen.add((attachment.file, attachment.item))
    for item in frame.form.checklist.items:
        yield from _item_faults(frame, item)


def commitment_faults(frame: Frame) -> Findings:
    """Whether the commitment was accepted as it stands, by the one who has to, at a stated time."""
    commitment, accepted = frame.form.commitment, frame.report.acceptance
    place = frame.form.place_of["commitment"]
    if accepted is None:
        yield fault("report_commitment_missing", file=frame.file, place=place)
        return
    if accepted.text_sha256.lower() != commitment.sha256:
        yield fault("report_commitment_changed", file=frame.file, place=place)
    signer = frame.report.answer(frame.form, commitment.signer)
    name = frame.form.field_by_id[commitment.signer].name
    if is_blank(accepted.accepted_by):
        yield fault("report_commitment_unsigned", file=frame.file, place=place, name=name)
    elif isinstance(signer, str) and not missing(signer) and normalised(signer) != normalised(accepted.accepted_by):
        given = accepted.accepted_by[:40]
        yield fault(
            "report_commitment_signer", file=frame.file, place=place, name=name, given=given, signer=signer[:40]
        )
    if _moment_in(accepted.accepted_at) is None:
        yield fault("report_commitment_undated", file=frame.file, place=place, given=accepted.accepted_at[:40])


def _file_faults(frame: Frame, attachment: Attachment, place: str) -> Findings:
    if not _is_safe(attachment.file):
        yield fault("report_path_unsafe", file=frame.file, place=place)
    if _SHA256.fullmatch(attachment.sha256) is None:
        yield fault("report_sha256_malformed", file=frame.file, place=place)
    if attachment.valid_until and day_in(attachment.valid_until) is None:
        yield fault("report_date_malformed", file=frame.file, place=place, given=attachment.valid_until[:40])
    suffix = PurePosixPath(attachment.file).suffix.lower().removeprefix(".")
    if suffix in frame.form.checklist.picture_suffixes:
        wanted = frame.form.checklist.scan_suffixes[0]
        yield fault(
            "report_scan_format", file=frame.file, place=place, level=Level.WARNING, given=suffix, wanted=wanted
        )


def _item_faults(frame: Frame, item: ChecklistItem) -> Findings:
    if not (item.required or frame.report.meets(frame.form, item.required_when)):
        return
    if item.or_field and not missing(frame.report.answer(frame.form, item.or_field)):
        return
    given = [attachment for attachment in frame.report.attachments if attachment.item == item.number]
    place = frame.item_place(item.number)
    in_force = {_content(attachment) for attachment in given if not _is_expired(frame, attachment)}
    if not given and item.or_field:
        note = frame.form.field_by_id[item.or_field].name
        yield fault("report_item_or_note", file=frame.file, place=place, text=item.text, note=note)
    elif not given:
        yield fault("report_item_missing", file=frame.file, place=place, text=item.text)
    elif len(in_force) < item.least:
        count = len(in_force)
        yield fault("report_item_few", file=frame.file, place=place, text=item.text, count=count, wanted=item.least)


def _content(attachment: Attachment) -> str:
    return _PAGE.sub("", PurePosixPath(attachment.file).stem)


def _is_expired(frame: Frame, attachment: Attachment) -> bool:
    last = day_in(attachment.valid_until)
    return last is not None and last < frame.period.start


def _is_safe(path: str) -> bool:
    """Whether the path stays inside the attachments: relative, plain parts, nothing that a system reads otherwise."""
    parts = path.split("/")
    plain = all(part.strip(" .") and part == part.strip() for part in parts)
    return plain and len(path.encode()) <= _LONGEST_PATH * 4 and _UNSAFE.search(path) is None


def _moment_in(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and "T" in text else None
