"""The bytes of a text file before anything is parsed: encoding, NUL bytes, line ends, hash."""

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ceping.bulk.request import Encoding, Source, Unreadable
from ceping.core.finding import fault

_CHUNK = 4 << 20
# Python and DuckDB read these as numbers, JSON does not know them.
_CONSTANTS = (b"NaN", b"Infinity")


@dataclass(frozen=True, slots=True)
class Text:
    """A file known to be UTF-8 without NUL: where it now is, and what its bytes hold."""

    label: str
    path: Path
    sha256: str
    lines: int
    quotes: bool
    returns: bool
    constants: bool


def text_of(source: Source, encoding: Encoding, copy: Path) -> Text:
    """The file checked byte by byte; GB18030 is written to `copy` as UTF-8. Raises Unreadable naming the line."""
    digest = hashlib.sha256()
    lines, last = 0, b"\n"
    quotes = returns = constants = False
    with ExitStack() as stack:
        if encoding is Encoding.GB18030:
            chunks = _converted(source, digest, stack.enter_context(copy.open("wb")))
            path = copy
        else:
            chunks = _checked(source, digest)
            path = source.path
        for chunk in chunks:
            if b"\0" in chunk:
                line = lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise Unreadable(fault("points_nul", file=source.label, place=f"第 {line} 行"))
            lines += chunk.count(b"\n")
            quotes = quotes or b'"' in chunk
            returns = returns or b"\r" in chunk
            # What the edge of a chunk cuts must be seen as well.
            seam = last + chunk[:8]
            constants = constants or any(word in part for word in _CONSTANTS for part in (chunk, seam))
            last = chunk[-8:]
    return Text(source.label, path, digest.hexdigest(), lines + (not last.endswith(b"\n")), quotes, returns, constants)


def digest_of(source: Source) -> str:
    """SHA-256 of the file."""
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _closed(source, error) from None


def without_returns(text: Text, copy: Path) -> Path:
    """A copy with LF for every CRLF; a lone CR stays for the parser to refuse."""
    with text.path.open("rb") as stream, copy.open("wb") as target:
        kept = b""
        while chunk := stream.read(_CHUNK):
            whole = kept + chunk
            kept = b"\r" if whole.endswith(b"\r") else b""
            target.write(whole.removesuffix(b"\r").replace(b"\r\n", b"\n"))
        target.write(kept)
    return copy


def _chunks(source: Source, digest: "hashlib._Hash") -> Iterator[bytes]:
    try:
        with source.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except OSError as error:
        raise _closed(source, error) from None


def _checked(source: Source, digest: "hashlib._Hash") -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = True
    lines = 0
    pending = False
    for chunk in _chunks(source, digest):
        if first and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Unreadable(fault("points_utf16", file=source.label))
        first = False
        if pending or not chunk.isascii():
            _decode(source, decoder, chunk, lines)
            pending = decoder.getstate()[0] != b""
        lines += chunk.count(b"\n")
        yield chunk
    _decode(source, decoder, b"", lines, final=True)


def _decode(
    source: Source, decoder: codecs.IncrementalDecoder, chunk: bytes, lines: int, *, final: bool = False
) -> None:
    before = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines + chunk[: max(0, error.start - before)].count(b"\n") + 1
        # A character cut at the very end is a damaged file, whatever its halves may mean elsewhere.
        code = "points_gb18030" if not final and _reads_as_gb18030(source) else "points_not_utf8"
        raise Unreadable(fault(code, file=source.label, place=f"第 {line} 行")) from None


def _reads_as_gb18030(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        for chunk in _chunks(source, hashlib.sha256()):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _converted(source: Source, digest: "hashlib._Hash", target: BinaryIO) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("gb18030")()
    lines = 0
    for chunk in _with_end(_chunks(source, digest)):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = lines + chunk[: error.start].count(b"\n") + 1
            raise Unreadable(fault("points_not_gb18030", file=source.label, place=f"第 {line} 行")) from None
        lines += chunk.count(b"\n")
        converted = text.encode()
        target.write(converted)
        if converted:
            yield converted


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _closed(source: Source, error: OSError) -> Unreadable:
    return Unreadable(fault("points_input_unreadable", file=source.label, reason=error.strerror or str(error)))
