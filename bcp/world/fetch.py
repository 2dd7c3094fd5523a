"""Fetches pages and files from the web as they are, up to a size, for copies that are kept on the disk."""

from __future__ import annotations

from socket import socket
from types import TracebackType

from bcp.mirror.fetched import AGENT, Fetched

_TIMEOUT = 15.0
_WHOLE_TIMEOUT = 120.0


class Fetcher:
    """One client for all that one copy needs; certificates are verified, redirects followed within http and https.

    The first address that it is asked for is the start: what is inside a private network is fetched only if that is.
    """

    def __init__(self, within: float = _WHOLE_TIMEOUT) -> None:
        """The connection is made with the first request. `within` is how many seconds one file may take in all."""
        import httpx

        from bcp.world.reach import REDIRECTS, Guarded

        self._within = within
        self._guarded = Guarded()
        self._sockets: list[socket] = []
        self._client = httpx.Client(
            transport=self._guarded,
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=REDIRECTS,
            headers={"User-Agent": AGENT},
        )

    def __enter__(self) -> Fetcher:
        """For `with`."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, limit: int) -> Fetched:
        """Fetch `url`, at most `limit` bytes of it; never raises for what the network does."""
        import httpx

        from bcp.world.reach import AskedWithin, NotAsked

        window = AskedWithin(self._within, self._sockets)
        try:
            with window, self._client.stream("GET", url, extensions=window.extensions) as response:
                found, status = str(response.url), response.status_code
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                if status != 200:
                    return Fetched(found, status, kind, trouble=f"the server answers {status}")
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > limit:
                        return Fetched(found, status, kind, trouble=f"it is larger than {limit} bytes")
                    if window.is_over:
                        break
                if window.is_over:  # what was cut off then may look whole
                    return Fetched(found, status, kind, trouble=f"not all of it within {self._within:g} s")
                return Fetched(
                    found,
                    status,
                    kind,
                    response.charset_encoding,
                    bytes(body),
                    is_inside=bool(self._guarded.starts_inside),
                )
        except NotAsked as error:
            return Fetched(url, trouble=str(error), is_refused=True)
        except httpx.TimeoutException:
            return Fetched(url, trouble=f"no answer within {_TIMEOUT:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, UnicodeError) as error:
            if window.is_over:
                return Fetched(url, trouble=f"not all of it within {self._within:g} s")
            return Fetched(url, trouble=str(error) or "the connection failed")
