"""How a look failed, as one word for programs: what a diagnosis compares with looks at what cannot be our fault."""

from __future__ import annotations

import errno
import ssl
from typing import Literal

from bcp.system_error import number

Stage = Literal["name", "connection", "conversation"]
"""What a look was busy with: finding the address, connecting, or talking to whoever took the connection."""
Failure = Literal["late", "refused", "cut", "name", "signature", "dates", "encryption"]
"""No answer in time, a refusal, an end in the middle; of a certificate: its name, its signer, its dates; the rest."""

_DATES, _NAMES = (9, 10), (62, 64)
"""X509_V_ERR_CERT_NOT_YET_VALID and _CERT_HAS_EXPIRED; _HOSTNAME_MISMATCH and _IP_ADDRESS_MISMATCH (x509_vfy.h)."""


def failure_of(error: Exception) -> Failure | None:
    """What an error of the system, of TLS or of a stream means; None where it is none of these."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            "dates" if error.verify_code in _DATES else "name" if error.verify_code in _NAMES else "signature"
        )
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | EOFError):
        return "cut"
    if isinstance(error, ssl.SSLError):
        return "encryption"
    if isinstance(error, TimeoutError):
        return "late"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, OSError):
        return "refused" if number(error) == errno.ECONNREFUSED else "cut"
    return None
