"""PDF files that act, hide, lock or never end, written object by object; each maker makes one file."""

from pathlib import Path

import pikepdf

from tests.factories.raw_zip import MB, long_entry

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>"


def pdf(path: Path, objects: list[bytes], *, before: bytes = b"", after: bytes = b"") -> Path:
    """The objects, numbered from 1, with a table of their places; the first is the catalog."""
    body, places = bytearray(before + b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>startxref\n%d\n%%%%EOF\n"
    path.write_bytes(bytes(body) + end % (size, table, size, len(body)) + after)
    return path


def _with(folder: Path, catalog: bytes, *more: bytes, page: bytes = b"") -> Path:
    return pdf(folder / "材料.pdf", [b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, _ONE_PAGE, _PAGE % page, *more])


def plain(folder: Path, _: str) -> Path:
    return _with(folder, b"")


def page_in_html(folder: Path, _: str) -> Path:
    """A PDF to a reader, a page with a script to a browser."""
    start = b"<html><script>alert(1)</script><!--\n"
    return pdf(folder / "材料.pdf", [_CATALOG, _ONE_PAGE, _PAGE % b""], before=start)


def script(folder: Path, _: str) -> Path:
    return _with(folder, b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def script_by_name(folder: Path, _: str) -> Path:
    return _with(
        folder,
        b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>",
        b"<</S/JavaScript/JS 5 0 R>>",
        b"<</Length 0>>stream\nendstream ",
    )


def launch(folder: Path, _: str) -> Path:
    return _with(folder, b"", b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>>>", page=b"/Annots[4 0 R]")


def form_that_sends(folder: Path, address: str) -> Path:
    return _with(folder, b"/OpenAction<</S/SubmitForm/F(http://%s/)>>" % address.encode())


def embedded_file(folder: Path, _: str) -> Path:
    return _with(
        folder,
        b"/Names<</EmbeddedFiles<</Names[(a.exe) 4 0 R]>>>>",
        b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
        b"<</Length 2>>stream\nMZ\nendstream ",
    )


def video(folder: Path, _: str) -> Path:
    return _with(folder, b"", b"<</Subtype/RichMedia/Rect[0 0 9 9]>>", page=b"/Annots[4 0 R]")


def locked(folder: Path, _: str) -> Path:
    return _encrypted(folder, user="secret")


def restricted(folder: Path, _: str) -> Path:
    return _encrypted(folder, user="")


def _encrypted(folder: Path, *, user: str) -> Path:
    path = folder / "材料.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path, encryption=pikepdf.Encryption(owner="owner", user=user))
    return path


def ten_thousand_pages(folder: Path, _: str) -> Path:
    count = 10_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf(folder / "材料.pdf", [_CATALOG, tree, *[_PAGE % b""] * count])


def pages_in_a_circle(folder: Path, _: str) -> Path:
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(folder / "材料.pdf", [_CATALOG, tree, b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"])


def deep_tree(folder: Path, _: str) -> Path:
    depth = 20_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, depth + 2)]
    return pdf(folder / "材料.pdf", [_CATALOG, *nodes, _PAGE % b""])


def deep_array(folder: Path, _: str) -> Path:
    return _with(folder, b"", b"[" * 100_000 + b"]" * 100_000)


def object_that_is_itself(folder: Path, _: str) -> Path:
    return _with(folder, b"", b" 4 0 R ", page=b"/Annots 4 0 R")


def packed_objects_that_grow(folder: Path, _: str) -> Path:
    """A stream of objects of 400 KB that unfolds to 400 MB."""
    bomb = long_entry("", b" " * MB, 400, before=b"5 0 <</A 1>>")
    # Deflate as it is, within the frame that PDF wants; its checksum at the end is missing, as in many files.
    packed = b"\x78\x9c" + bomb.packed
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    objects = [_CATALOG, _ONE_PAGE, _PAGE % b"/Annots[5 0 R]", head + packed + b"\nendstream "]
    path = folder / "材料.pdf"
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    start = len(body)
    rows = [b"\x00" * 8, *(b"\x01" + place.to_bytes(5, "big") + b"\x00\x00" for place in places)]
    rows += [b"\x02" + (4).to_bytes(5, "big") + b"\x00\x00", b"\x01" + start.to_bytes(5, "big") + b"\x00\x00"]
    table = b"".join(rows)
    body += b"6 0 obj<</Type/XRef/Size 7/W[1 5 2]/Root 1 0 R/Length %d>>stream\n" % len(table) + table
    body += b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(bytes(body))
    return path


def no_page(folder: Path, _: str) -> Path:
    return pdf(folder / "材料.pdf", [_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])


def cut_off(folder: Path, _: str) -> Path:
    """99 of 100 bytes arrived: the table of places is gone, and a part of a page."""
    path = _with(folder, b"", page=b"/Contents 4 0 R")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 20])
    return path
