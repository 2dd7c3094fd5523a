"""Who a certificate is for and who signed it, of one that nobody has verified.

The standard library tells only of verified ones. Of its DER only as much is read as the two names need (RFC 5280, 4.1).
"""

from __future__ import annotations

from typing import NamedTuple

_COMMON_NAME = bytes.fromhex("0603550403")
_VERSION = 0xA0


class CertificateNames(NamedTuple):
    """The names as they are encoded, to be compared, and the common name of who it is for, to be read."""

    issuer: bytes
    subject: bytes
    words: str


def certificate_names(der: bytes) -> CertificateNames:
    """The names in a certificate; empty ones where it cannot be read."""
    try:
        _tag, at, _end = _field(der, 0)  # Certificate
        _tag, at, _end = _field(der, at)  # TBSCertificate
        fields: list[bytes] = []
        while len(fields) < 5:  # serial number, algorithm, issuer, validity, subject
            tag, begin, end = _field(der, at)
            if tag != _VERSION:
                fields.append(der[begin:end])
            at = end
    except IndexError:
        return CertificateNames(b"", b"", "")
    return CertificateNames(fields[2], fields[4], _common_name(fields[4]))


def _field(der: bytes, at: int) -> tuple[int, int, int]:
    """The tag of the field at `at`, and where its content begins and ends."""
    tag, size, begin = der[at], der[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, begin = int.from_bytes(der[begin : begin + count], "big"), begin + count
    if begin + size > len(der):
        raise IndexError
    return tag, begin, begin + size


def _common_name(name: bytes) -> str:
    at = name.rfind(_COMMON_NAME)
    if at < 0:
        return ""
    try:
        _tag, begin, end = _field(name, at + len(_COMMON_NAME))
    except IndexError:
        return ""
    return name[begin:end].decode("utf-8", errors="replace")
