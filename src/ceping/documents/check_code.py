"""The check code of a certificate or a notice: the same for the same season, institution and result, for ever."""

import hashlib

# Without what looks or sounds alike on paper and on the telephone: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
_LENGTH, _GROUP = 12, 4


def check_code(season: str, uscc: str, sha256: str) -> str:
    """`XXXX-XXXX-XXXX` from SHA-256 over the season's title, the institution and the hash of results.json.

    `uscc` is empty for a paper about all of them. Two codes agree by chance once in 10^16.
    """
    number = int.from_bytes(hashlib.sha256(f"{season}\n{uscc}\n{sha256}".encode()).digest())
    letters = ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))
