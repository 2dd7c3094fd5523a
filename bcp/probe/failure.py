"""How a look failed, as one word for programs: what a diagnosis compares with looks at what cannot be our fault."""

from __future__ import annotations

import errno
import ssl
from typing import Literal

from bcp.system_error import number

Stage = Literal["name", "connection", "conversation"]
"""What a look was busy with: finding the address, connecting, or talking to whoever took the connection."""
Failure = Literal["late", "refused", "cut", "certificate", "dates", "encryption"]
"""No answer in time, a refusal, an end in the middle; of encryption: who it is, from when to when, the rest."""

_DATES = (9, 10)
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL (x509_vfy.h)."""


def failure_of(error: Exception) -> Failure | None:
    """What an error of the system, of TLS or of a stream means; None where it is none of these."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "dates" if error.verify_code in _DATES else "certificate"
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
