"""portal: whether a login page (hotel, train, a provider's dunning) stands between us and the internet."""

from __future__ import annotations

import secrets

from pydantic import Field

from bcp.host_name import web_address
from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.http_answer import FetchedPage
from bcp.probe.http_client import fetch
from bcp.probe.public import PAGE
from bcp.probe.trouble import Trouble, explain
from bcp.yaml.types import Text, WebAddress


class Portal(Remote):
    """No login page is in the way: a page that we know comes as we know it."""

    silence = "inconclusive"

    url: WebAddress = Field(
        default=PAGE, description="an unencrypted page with a known answer", examples=[PAGE]
    )
    text: Text | None = Field(
        default=None, description="words of the page; an empty answer with status 204 where nothing is said"
    )

    def describe(self) -> str:
        """One line: what is looked at."""
        return _("fetch {url} and meet no login page").format(url=self.url)

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (str(web_address(self.url).hostname),)

    async def see(self, attempt: Attempt) -> Result:
        """Fetch the page past every cache. Where nothing answers it cannot tell."""
        joint = "&" if "?" in self.url else "?"
        fresh = f"{self.url}{joint}bcp={secrets.token_hex(4)}"
        try:
            page = await fetch(attempt, fresh, follow=False)
        except (Trouble, OSError, EOFError) as error:
            why = error if isinstance(error, Trouble) else explain(error, attempt.via)
            told = _("cannot tell: {why}").format(why=why.reason)
            raise Trouble(told, "inconclusive", why.evidence) from None
        is_right = _says(page, self.text) if self.text else page.status == 204
        evidence = {
            "status": page.status,
            "address": page.address,
            "leads_to": page.headers.get("location", "")[:200],
        }
        if not is_right:
            raise Trouble(_("a login page or a proxy answers instead of the internet"), evidence=evidence)
        return Result("up", _("no login page is in the way"), evidence=evidence)


def _says(page: FetchedPage, text: str) -> bool:
    from bcp.probe.page_words import PageWords

    return PageWords(page).hold(text)


Kind = Portal
