"""Time stamps: an authority signs that these bytes were there at that time (RFC 3161)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import httpx
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from bcp.errors import InputError
from bcp.world.der import with_ordered_certificates
from bcp.world.reach import AskedWithin

_TYPE = "application/timestamp-query"
_MOST_BYTES = 1024 * 1024
"""Of an answer: a stamp with all its certificates has some kilobytes."""
_WITHOUT = "try again later, or export without --timestamp; what was written stays"


def stamped(data: bytes, url: str, root: Path, timeout: float = 20.0) -> tuple[bytes, datetime]:
    """The authority's answer (as openssl reads it) over `data`, and its time; the answer is checked against `root`.

    Raises InputError where the authority cannot be reached, refuses, or is not who `root` says.
    """
    roots = _certificates(root)
    query = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = _answer(url, query.as_bytes(), timeout)
        at = _verified(data, answer, roots, VerifierBuilder.from_request(query))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InputError(f"the time stamp authority {url} gave no stamp: {error}", _WITHOUT) from None
    except (VerificationError, ValueError) as error:
        raise InputError(f"the answer of {url} is no stamp that can be trusted: {error}", _WITHOUT) from None
    return answer, at


def stamp_time(data: bytes, answer: bytes, root: Path) -> datetime:
    """When an authority that `root` vouches for stamped `data`, by its answer, which was kept.

    Raises InputError where `root` holds no certificate, ValueError where the stamp is not one of these bytes.
    """
    roots = _certificates(root)
    try:
        return _verified(data, answer, roots, VerifierBuilder())
    except VerificationError as error:
        raise ValueError(str(error)) from None


def _certificates(root: Path) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(root.read_bytes())
    except (OSError, ValueError):
        raise InputError(
            f"{root} holds no certificate", "timestamp: root: the authority's root as PEM"
        ) from None


def _verified(data: bytes, answer: bytes, roots: list[Certificate], builder: VerifierBuilder) -> datetime:
    """The time of a stamp. Raises VerificationError or ValueError for one that proves nothing of `data`."""
    response = decode_timestamp_response(with_ordered_certificates(answer))
    for certificate in roots:
        builder = builder.add_root_certificate(certificate)
    builder.build().verify_message(response, data)
    return response.tst_info.gen_time


def _answer(url: str, query: bytes, timeout: float) -> bytes:
    """What the authority sends, within so many seconds in all. Raises httpx.HTTPError; ValueError if it is too long."""
    kept = b""
    with AskedWithin(timeout) as window, httpx.Client(timeout=timeout) as client:
        asked = client.stream(
            "POST", url, content=query, headers={"Content-Type": _TYPE}, extensions=window.extensions
        )
        try:
            with asked as response:
                response.raise_for_status()
                for piece in response.iter_bytes():
                    kept += piece
                    if len(kept) > _MOST_BYTES:
                        raise ValueError(f"it is longer than {_MOST_BYTES} bytes")
        except httpx.HTTPError:
            if not window.is_over:
                raise
        if window.is_over:  # what was cut off then may look whole
            raise httpx.ReadTimeout(f"not all of it came within {timeout:g} s")
    return kept
