"""What an OSError means, in the numbers of `errno`, also where Windows says it in numbers of its own.

Python knows only some of Windows' numbers: a refused connection comes as EINVAL, a file that is open in another program
as a missing right. The number of Windows itself (winerror.h) stands beside, and is what counts.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_MEANS: Mapping[int, int] = {
    1: errno.ENOSYS,  # INVALID_FUNCTION
    2: errno.ENOENT,
    3: errno.ENOENT,
    4: errno.EMFILE,
    5: errno.EACCES,
    8: errno.ENOMEM,
    14: errno.ENOMEM,
    19: errno.EROFS,  # WRITE_PROTECT
    21: errno.ENXIO,  # NOT_READY: the stick is pulled out
    23: errno.EIO,
    39: errno.ENOSPC,  # HANDLE_DISK_FULL
    50: errno.ENOSYS,  # NOT_SUPPORTED
    53: errno.EHOSTUNREACH,  # BAD_NETPATH
    55: errno.ENXIO,
    59: errno.EIO,
    64: errno.ECONNRESET,  # NETNAME_DELETED
    65: errno.EACCES,
    67: errno.ENOENT,  # BAD_NET_NAME
    109: errno.EPIPE,  # BROKEN_PIPE
    112: errno.ENOSPC,  # DISK_FULL
    120: errno.ENOSYS,  # CALL_NOT_IMPLEMENTED
    121: errno.ETIMEDOUT,  # SEM_TIMEOUT
    122: errno.ENOBUFS,
    123: errno.EINVAL,  # INVALID_NAME
    193: errno.ENOEXEC,  # BAD_EXE_FORMAT
    206: errno.ENAMETOOLONG,
    216: errno.ENOEXEC,
    225: errno.EPERM,  # VIRUS_INFECTED: a scanner forbids it
    232: errno.EPIPE,  # NO_DATA: the pipe is being closed
    233: errno.EPIPE,  # PIPE_NOT_CONNECTED
    267: errno.ENOTDIR,
    740: errno.EPERM,  # ELEVATION_REQUIRED
    1117: errno.EIO,
    1167: errno.ENXIO,  # DEVICE_NOT_CONNECTED
    1222: errno.ENETDOWN,  # NO_NETWORK
    1225: errno.ECONNREFUSED,
    1226: errno.ECONNRESET,  # GRACEFUL_DISCONNECT
    1231: errno.ENETUNREACH,
    1232: errno.EHOSTUNREACH,
    1233: errno.ECONNREFUSED,  # PROTOCOL_UNREACHABLE
    1234: errno.ECONNREFUSED,  # PORT_UNREACHABLE
    1236: errno.ECONNABORTED,
    1260: errno.EPERM,  # ACCESS_DISABLED_BY_POLICY
    1295: errno.EDQUOT,  # DISK_QUOTA_EXCEEDED
    1314: errno.EPERM,  # PRIVILEGE_NOT_HELD
    1450: errno.ENOBUFS,
    1455: errno.ENOMEM,
    1460: errno.ETIMEDOUT,
    1816: errno.ENOMEM,
    4551: errno.EPERM,  # SYSTEM_INTEGRITY_POLICY_VIOLATION: only known programs may run
    10004: errno.EINTR,
    10013: errno.EACCES,
    10014: errno.EFAULT,
    10022: errno.EINVAL,
    10024: errno.EMFILE,
    10048: errno.EADDRINUSE,
    10049: errno.EADDRNOTAVAIL,
    10050: errno.ENETDOWN,
    10051: errno.ENETUNREACH,
    10052: errno.ECONNRESET,
    10053: errno.ECONNABORTED,
    10054: errno.ECONNRESET,
    10055: errno.ENOBUFS,
    10058: errno.EPIPE,
    10060: errno.ETIMEDOUT,
    10061: errno.ECONNREFUSED,
    10064: errno.EHOSTDOWN,
    10065: errno.EHOSTUNREACH,
    10101: errno.ECONNRESET,
}
_NO_ROOM_FOR_CODE = ("failed to map segment", "cannot allocate memory", "paging file is too small")
"""What a loader says of a library that memory is too small for."""
_SOME_ROOM = 16 * 1024 * 1024
_SHARING, _LOCKED, _MAPPED = 32, 33, 1224
_DENIED = 5


def number(error: OSError) -> int:
    """What it means, as a number of `errno`; 0 where neither Python nor Windows gave it one."""
    by_windows = getattr(error, "winerror", None)
    return _MEANS.get(by_windows or 0) or error.errno or 0


def is_open_elsewhere(error: OSError, path: Path | str | None = None) -> bool:
    """Whether another program has the file open and lets nobody else use it, as Windows allows; no right is missing.

    `path` is the file that was to be read, written or replaced, where the error does not know it. Of a file that is
    opened or replaced Windows only says that it is denied: it is asked once more.
    """
    path = path or error.filename2 or error.filename
    by_windows = getattr(error, "winerror", None)
    if by_windows in (_SHARING, _LOCKED, _MAPPED):
        return True
    is_denied = by_windows == _DENIED or (by_windows is None and error.errno == errno.EACCES)
    return is_denied and path is not None and _is_held(os.fsdecode(path))


def may_pass(error: OSError) -> bool:
    """Whether it may be over in a moment: the file is open in another program, or Windows denies it for that."""
    by_windows = getattr(error, "winerror", None)
    if by_windows in (_SHARING, _LOCKED, _MAPPED, _DENIED):
        return True
    return sys.platform == "win32" and by_windows is None and error.errno == errno.EACCES


def is_short_of_memory(error: BaseException) -> bool:
    """Whether memory was too small for the work, or for a library; or there is none left, whatever failed first."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and number(error) == errno.ENOMEM):
        return True
    told = str(error).lower() if isinstance(error, ImportError) else ""
    return any(words in told for words in _NO_ROOM_FOR_CODE) or not _has_room()


def _has_room() -> bool:
    """Whether some memory is left: where there is none, libraries fail with whatever their next line stumbles over."""
    try:
        return bool(bytearray(_SOME_ROOM))
    except MemoryError:
        return False


def reader_is_gone(error: OSError) -> bool:
    """Whether nobody reads any more what is written into a pipe; Windows' C library says "invalid argument" then."""
    if isinstance(error, BrokenPipeError) or number(error) == errno.EPIPE:
        return True
    has_no_more = getattr(error, "winerror", None) is None and error.filename is None
    return sys.platform == "win32" and error.errno == errno.EINVAL and has_no_more


def _is_held(path: str) -> bool:
    """Whether Windows, asked to let us read, or write and delete it, says that another program holds the file."""
    if sys.platform != "win32":
        return False
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateFileW.restype = ctypes.c_void_p
    kernel.CreateFileW.argtypes = [ctypes.c_wchar_p, *[ctypes.c_uint32] * 2, ctypes.c_void_p]
    kernel.CreateFileW.argtypes += [*[ctypes.c_uint32] * 2, ctypes.c_void_p]
    read, write_and_delete, share_all, existing = 0x80000000, 0x40000000 | 0x00010000, 0x1 | 0x2 | 0x4, 3
    for wish in (read, write_and_delete):
        handle = kernel.CreateFileW(path, wish, share_all, None, existing, 0, None)
        if handle != ctypes.c_void_p(-1).value:
            kernel.CloseHandle(ctypes.c_void_p(handle))
        elif ctypes.get_last_error() in (_SHARING, _LOCKED):
            return True
    return False
