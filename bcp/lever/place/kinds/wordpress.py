"""wordpress: a page and news of a WordPress site, through its REST API with an application password.

WordPress REST API Handbook, "Pages", "Posts" and "Authentication"; application passwords came with WordPress 5.6. The
addresses with `rest_route` work on every site, with pretty permalinks or without.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, News, NewsWay, PageCopy, PlaceEnv, insist
from bcp.lever.place.web import MOST, send
from bcp.mask import KNOWN
from bcp.outside import HttpResponse, Request
from bcp.yaml.types import Line, Secret

_TIMEOUT = 20.0
_NEW_PASSWORD = (
    "make a new one in WordPress: Users, Profile, Application Passwords; then store it. If that fails, too, the web "
    "server keeps the header Authorization from WordPress: ask the host"
)


def _refused() -> dict[str, str]:
    """What WordPress's own codes mean."""
    return {
        "application_passwords_disabled": _("application passwords are switched off at this site"),
        "application_passwords_disabled_for_user": _("application passwords are switched off for {user}"),
        "rest_no_route": _("this WordPress has its REST API switched off"),
        "rest_cannot_edit": _("the user {user} may not edit that"),
        "rest_cannot_publish": _("the user {user} may not publish"),
        "rest_cannot_create": _("the user {user} may not write news"),
        "rest_cannot_delete": _("the user {user} may not take news away"),
        "rest_forbidden_context": _("the user {user} may not edit that"),
    }


def _site(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f'expected the address of the site, such as https://www.example.com, not "{text}"')
    return text.rstrip("/")


class Wordpress(NewsWay):
    """Change a page, and post news."""

    site: Annotated[Line, AfterValidator(_site)] = Field(examples=["https://www.kropka.example"])
    user: Line = Field(description="an editor of the site", examples=["bcp"])
    password: Secret = Field(description="an application password of that user", examples=["keyring:website"])

    def describe(self) -> str:
        """Which site."""
        news = ", and post news" if self.news else ""
        return f"Change WordPress at {self.site} as {self.user}{news}"

    def secrets(self) -> tuple[str, ...]:
        """The application password."""
        return (self.password,)

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """The page whose address ends in `page`; its mark holds its number."""
        found = self._page(reach, page)
        if found is None:
            return None
        with self._shape():
            return PageCopy(found["content"]["raw"].encode(), str(found["id"]))

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Change the content of the page, and nothing else of it. WordPress keeps the old one as a revision."""
        now = self.fetch(reach, page)
        insist(now, was, page)
        assert now is not None
        self._ask(reach, "POST", f"pages/{now.mark}", {"content": content.decode()})

    def find_news(self, reach: PlaceEnv, slug: str) -> News | None:
        """The post with that slug, seen by the public or still a draft."""
        query = f"posts&slug={slug}&status=publish,future,draft,pending,private&context=edit"
        posts = self._ask(reach, "GET", query)
        if not posts:
            return None
        with self._shape():
            post = posts[0]
            return News(slug, post["title"]["raw"], post["content"]["raw"], str(post["id"]), post["link"])

    def put_news(self, reach: PlaceEnv, was: News | None, news: News) -> None:
        """One post for each slug, changed where it stands there already."""
        told = {"title": news.title, "content": news.html, "slug": news.slug, "status": "publish"}
        self._ask(reach, "POST", f"posts/{was.id}" if was else "posts", told)

    def drop_news(self, reach: PlaceEnv, was: News) -> None:
        """Into WordPress's bin, from which a person could take it for thirty days."""
        self._ask(reach, "DELETE", f"posts/{was.id}")

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Ask WordPress what this user may do."""
        me = self._ask(reach, "GET", "users/me&context=edit")
        with self._shape():
            may = dict(me["capabilities"])
        needed = {"edit_published_posts", "publish_posts"} if self.news else set()
        needed |= {"edit_published_pages", "edit_others_pages"} if page else set()
        lacking = sorted(name for name in needed if not may.get(name))
        if lacking:
            words = _("the user {user} lacks these rights: {rights}")
            rights = ", ".join(name.replace("_", " ") for name in lacking)
            raise StepFailed(
                words.format(user=self.user, rights=rights), "make it an editor in WordPress: Users"
            )
        return [f"WordPress takes the password of {self.user}, who may write there"]

    def _page(self, reach: PlaceEnv, page: str) -> Any:
        if page.isdigit():
            return self._ask(reach, "GET", f"pages/{page}&context=edit", lacking=(404,))
        pages = self._ask(reach, "GET", f"pages&slug={page}&context=edit")
        with self._shape():
            return pages[0] if pages else None

    def _ask(
        self, reach: PlaceEnv, method: str, route: str, told: Any = None, lacking: tuple[int, ...] = ()
    ) -> Any:
        url = f"{self.site}/?rest_route=/wp/v2/{route}"
        login = (self.user, self.password)
        answer = send(reach, Request(method, url, json=told, timeout=_TIMEOUT, login=login, most=MOST))
        if answer.status in lacking:
            return None
        if answer.status == 400 and method == "GET" and not route.startswith("users/"):
            # What a stranger may not even ask for is a "bad request" to WordPress; this says who we are to it.
            self._ask(reach, "GET", "users/me&context=edit")
        if answer.status not in (200, 201):
            raise StepFailed(*_why(answer, self.user))
        with self._shape():
            return json.loads(answer.raw)

    @contextmanager
    def _shape(self) -> Iterator[None]:
        """What is read inside has the form that WordPress gives it, or it is no WordPress."""
        try:
            yield
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            words = _("{site} does not answer as WordPress does").format(site=self.site)
            raise StepFailed(words, "correct site: in bcp.yaml") from None


def _why(answer: HttpResponse, user: str) -> tuple[str, str]:
    """Why WordPress refuses, and what to do. It answers 401 to strangers, 403 to users."""
    try:
        told = json.loads(answer.raw)
        code, said = str(told["code"]), str(told["message"])
    except (ValueError, TypeError, KeyError):
        code, said = "", ""
    if answer.status == 401 and not code.startswith("application_passwords"):
        words = _(
            "WordPress does not take the application password of {user}: it was revoked, ran out or is mistyped"
        )
        return words.format(user=user), _NEW_PASSWORD
    if code in (refused := _refused()):
        return refused[code].format(user=user), "make it an editor in WordPress: Users"
    words = _("WordPress refuses ({status}): {said}")
    return words.format(status=answer.status, said=KNOWN.without_secrets(said) or "?"), BY_HAND


Kind = Wordpress
