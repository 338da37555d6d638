"""The archive a Word file is: packed so that equal parts are equal bytes."""

import io
import zipfile

# The first moment the format can tell: what an archive says about the age of its parts would differ from run to run.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def undated(data: bytes) -> bytes:
    """The same archive, its entries in the same order, all of one age."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts.read(name))
    return packed.getvalue()
