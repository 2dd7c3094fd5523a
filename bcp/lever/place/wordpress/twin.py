"""A twin of what stands at a WordPress site: what is done to it shows what would become of the thing itself.

The public never sees a twin; it is taken away whatever happens, and one that a killed trial left is swept by the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.wordpress.api import WordpressApi
from bcp.lever.place.wordpress.sameness import lost, same
from bcp.lever.place.wordpress.spot import TITLE, ContentSpot, Item


def try_page(api: WordpressApi, spot: ContentSpot, item: Item, filled: str) -> None:
    """Make a twin with the content of `item`, change it to `filled`, read it back. Raises StepFailed with the cause."""
    for each in spot.leftovers(api):
        _drop(api, spot, each)
    with _twin(api, spot, item) as made, api.shape():
        _refuse_loss(api, item, spot.content(item) + spot.tail, spot.content(made))
        wanted = filled + spot.tail
        api.ask("POST", f"{spot.base}/{key(made)}", spot.body(made, wanted))
        now = api.ask("GET", f"{spot.base}/{key(made)}&context=edit")
        _refuse_loss(api, item, wanted, spot.content(now))


def refuse_harm(api: WordpressApi, spot: ContentSpot, item: Item) -> None:
    """Raises StepFailed where saving `item` as this user would change it, though nothing of it was changed by us."""
    if not _is_filtered(api, item):
        return
    with _twin(api, spot, item) as made, api.shape():
        _refuse_loss(api, item, spot.content(item) + spot.tail, spot.content(made))


def try_news(api: WordpressApi, own: str) -> None:
    """Post private news of no incident, change them, take them away as ours would be. Raises StepFailed.

    Their slug is `own`.
    """
    statuses = "publish,future,draft,pending,private,trash"
    for one in api.ask("GET", f"posts&slug={own},{own}__trashed&status={statuses}&context=edit"):
        api.ask("DELETE", f"posts/{one['id']}&force=true")
    told = {"title": TITLE, "content": "<p>bcp</p>", "slug": own, "status": "private"}
    with api.shape():
        key = api.ask("POST", "posts", told)["id"]
    try:
        api.ask("POST", f"posts/{key}", {**told, "content": '<div lang="en"><p>bcp, changed</p></div>'})
        drop_news(api, key)
    finally:
        with suppress(StepFailed):  # what failed before is the news
            api.ask("DELETE", f"posts/{key}&force=true", lacking=(404, 410))


def drop_news(api: WordpressApi, key: str) -> None:
    """Into WordPress's bin, from which a person could take it for thirty days; a draft, where the site has no bin."""
    if api.ask("DELETE", f"posts/{key}", lacking=(501,)) is None:
        api.ask("POST", f"posts/{key}", {"status": "draft"})


@contextmanager
def _twin(api: WordpressApi, spot: ContentSpot, item: Item) -> Iterator[Item]:
    """A twin of `item`, taken away at the end. Raises StepFailed where it stays."""
    with api.shape():
        told = spot.twin(item, spot.content(item) + spot.tail)
    made: Item = api.ask("POST", spot.base, told)
    try:
        yield made
    except BaseException:
        with suppress(StepFailed):  # what failed before is the news
            _drop(api, spot, key(made))
        raise
    try:
        _drop(api, spot, key(made))
    except StepFailed as error:
        words = _("what was put there for the trial could not be taken away: {why}").format(why=error.message)
        raise StepFailed(words, f'delete "{TITLE}" in WordPress: Pages, Drafts') from None


def _drop(api: WordpressApi, spot: ContentSpot, key: str) -> None:
    api.ask("DELETE", f"{spot.base}/{key}&force=true", lacking=(404,))


def key(item: Item) -> str:
    """The id as it stands in a route; that of a part of a theme holds slashes."""
    return quote(str(item["id"]), safe="/")


def _is_filtered(api: WordpressApi, item: Item) -> bool:
    """Whether WordPress takes scripts, forms and frames out of what this user saves; True where it does not say."""
    with api.shape():
        links = item.get("_links", {})
    if "wp:action-unfiltered-html" in links:
        return False
    # Of widgets WordPress does not say what may be done to them.
    return "curies" in links or not (api.capabilities() or {}).get("unfiltered_html")


def _refuse_loss(api: WordpressApi, item: Item, was: str, now: str) -> None:
    """Raises StepFailed where WordPress kept something else of `item` than what was sent."""
    if same(was.encode(), now.encode()):
        return
    tags = ", ".join(lost(was.encode(), now.encode())[:8])
    words = _("WordPress changes this page when {user} saves it, so nothing was changed")
    hint = "a plugin changes what is saved, or the server cuts it: ask whoever looks after the website"
    if tags and _is_filtered(api, item):
        words = _("WordPress takes {tags} out of this page when {user} saves it, so nothing was changed")
        hint = (
            "let an administrator give that user the right unfiltered_html (in a multisite, or where the host forbids "
            "it, only a super admin has it); or put the marks into a page without maps, forms and scripts"
        )
    raise StepFailed(words.format(tags=tags, user=api.user), hint)
