"""wordpress: a page, a widget or a theme's part, and news of a WordPress site, with an application password.

What is asked of the site stands in `place/wordpress/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place import marks
from bcp.lever.place.base import News, NewsWay, PageCopy, PlaceEnv, insist
from bcp.lever.place.text import LanguageText, PlaceNotice, ShownNumber
from bcp.lever.place.wordpress import publicity, sameness, twin
from bcp.lever.place.wordpress.api import WordpressApi
from bcp.lever.place.wordpress.spot import ContentSpot, Item, spot_of
from bcp.yaml.types import Line, Secret

_SAMPLE = PlaceNotice(
    "trial", "down", (LanguageText("en", "bcp", "a trial"),), ShownNumber("+48226000001", "+48 22 600 00 01")
)
"""What is written between the marks of a twin."""


def _site(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'expected the address of the site, such as https://www.example.com, not "{text}"')
    return text.rstrip("/")


class Wordpress(NewsWay):
    """Change a page, and post news."""

    site: Annotated[Line, AfterValidator(_site)] = Field(
        examples=["https://www.kropka.example"], description="the address of the site"
    )
    user: Line = Field(description="an editor of the site", examples=["bcp"])
    password: Secret = Field(description="an application password of that user", examples=["keyring:website"])

    _keys: dict[str, str] = PrivateAttr(default_factory=dict)

    def describe(self) -> str:
        """Which site."""
        news = ", and post news" if self.news else ""
        return f"Change WordPress at {self.site} as {self.user}{news}"

    def secrets(self) -> tuple[str, ...]:
        """The application password."""
        return (self.password,)

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """What `page` names; its mark holds the number or the id that WordPress has for it."""
        spot, item = self._found(reach, page)
        if item is None:
            return None
        with self._api(reach).shape():
            return PageCopy(spot.content(item).encode(), str(item["id"]))

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Change the content, and nothing else of it. WordPress keeps the old one of a page as a revision."""
        spot, item = self._found(reach, page)
        api = self._api(reach)
        with api.shape():
            now = None if item is None else PageCopy(spot.content(item).encode(), str(item["id"]))
        insist(now, was, page)
        assert item is not None
        saved = api.ask("POST", f"{spot.base}/{twin.key(item)}", spot.body(item, content.decode()))
        publicity.refuse_hidden(api, spot, item, saved)

    def same(self, was: bytes, now: bytes) -> bool:
        """Tag for tag and letter for letter: WordPress writes some tags anew."""
        return sameness.same(was, now)

    def refuse_harm(self, reach: PlaceEnv, page: str) -> None:
        """An account without `unfiltered_html` loses scripts, forms and maps of all that it saves."""
        spot, item = self._found(reach, page)
        if item is not None:
            twin.refuse_harm(self._api(reach), spot, item)

    def refuse_unread(self, reach: PlaceEnv, page: str) -> None:
        """A page in the bin, a draft, one that is private or asks for a password."""
        spot, item = self._found(reach, page)
        if item is not None:
            publicity.refuse_unread(self._api(reach), spot, item, page)

    def revisions(self, reach: PlaceEnv, page: str) -> str:
        """The revisions of a page; widgets and parts of a theme have none that a person would find."""
        with suppress(StepFailed):
            spot, item = self._found(reach, page)
            if item is None or spot.base != "pages":
                return ""
            api = self._api(reach)
            kept = api.ask("GET", f"pages/{twin.key(item)}/revisions&per_page=1&_fields=id,date")
            with api.shape():
                words = _("WordPress keeps earlier versions of the page, the newest of {date}: {link}")
                link = f"{self.site}/wp-admin/revision.php?revision={kept[0]['id']}"
                return words.format(date=kept[0]["date"].replace("T", " "), link=link)
        return ""

    def find_news(self, reach: PlaceEnv, slug: str) -> News | None:
        """The post with that slug, seen by the public or still a draft."""
        api = self._api(reach)
        posts = api.ask("GET", f"posts&slug={slug}&status=publish,future,draft,pending,private&context=edit")
        if not posts:
            return None
        with api.shape():
            post = posts[0]
            return News(slug, post["title"]["raw"], post["content"]["raw"], str(post["id"]), post["link"])

    def put_news(self, reach: PlaceEnv, was: News | None, news: News) -> None:
        """One post for each slug, changed where it stands there already."""
        told = {"title": news.title, "content": news.html, "slug": news.slug, "status": "publish"}
        saved = self._api(reach).ask("POST", f"posts/{was.id}" if was else "posts", told)
        publicity.refuse_held_back(self._api(reach), saved)

    def drop_news(self, reach: PlaceEnv, was: News) -> None:
        """So that a person could bring them back."""
        twin.drop_news(self._api(reach), was.id)

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Ask WordPress what this user may do, and do it to a draft of the page and to private news."""
        api = self._api(reach)
        spot, item = self._found(reach, page) if page else (None, None)
        self._refuse_lacking(api, spot)
        showed = [f"WordPress takes the password of {self.user}, who may write there"]
        if spot is not None and item is not None:
            with api.shape():
                content = spot.content(item).encode()
            parts = {name: marks.ascii_html(html) for name, html in _SAMPLE.parts().items()}
            inner = {
                name: [parts[name.rpartition(":")[2]]] * len(marks.read(content, name))
                for name in marks.names(content)
            }
            twin.try_page(api, spot, item, marks.write_all(content, inner).decode())
            showed.append(
                _("a twin of {page} was written, changed, read back and taken away").format(page=page)
            )
        if self.news:
            twin.try_news(api, _own_slug(reach))
            showed.append(_("news for nobody were posted, changed and taken away"))
        return showed

    def _refuse_lacking(self, api: WordpressApi, spot: ContentSpot | None) -> None:
        may = api.capabilities()
        if may is None:  # hidden by a plugin; what the twin shows has to do
            return
        needed = {"edit_published_posts", "publish_posts"} if self.news else set()
        if spot is not None:
            needed |= (
                {"edit_published_pages", "edit_others_pages"}
                if spot.base == "pages"
                else {"edit_theme_options"}
            )
        lacking = sorted(name for name in needed if not may.get(name))
        if lacking:
            words = _("the user {user} lacks these rights: {rights}")
            rights = ", ".join(name.replace("_", " ") for name in lacking)
            role = "an editor" if spot is None or spot.base == "pages" else "an administrator"
            raise StepFailed(
                words.format(user=self.user, rights=rights), f"make it {role} in WordPress: Users"
            )

    def _found(self, reach: PlaceEnv, page: str) -> tuple[ContentSpot, Item | None]:
        """What `page` names. Which one that is costs several questions, so it is found out once for each command."""
        spot, name = spot_of(page, self._url, _own_slug(reach))
        api = self._api(reach)
        known = self._keys.get(page)
        if known:
            return spot, api.ask("GET", f"{spot.base}/{known}&context=edit", lacking=(404,))
        item = spot.find(api, name)
        if item is not None:
            self._keys[page] = twin.key(item)
        return spot, item

    def _api(self, reach: PlaceEnv) -> WordpressApi:
        return WordpressApi(reach, self.site, self.user, self.password)


def _own_slug(reach: PlaceEnv) -> str:
    return f"bcp-trial-{reach.own_name}"


Kind = Wordpress
