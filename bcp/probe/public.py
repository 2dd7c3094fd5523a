"""What is public and stands for the internet where an office says nothing else: name servers, pages, a rate."""

ADDRESSES = (
    *("1.1.1.1", "8.8.8.8", "9.9.9.9"),
    *("2606:4700:4700::1111", "2001:4860:4860::8888", "2620:fe::fe"),
)
"""Of three operators (Cloudflare, Google, Quad9), by IPv4 and by IPv6."""
TWINS = {
    "1.1.1.1": "2606:4700:4700::1111",
    "8.8.8.8": "2001:4860:4860::8888",
    "9.9.9.9": "2620:fe::fe",
}
"""The same three by IPv6, for looks that name them by IPv4 on a line that speaks IPv6 only."""
NAME_SERVERS = (
    "1.1.1.1",
    "9.9.9.9",
    "8.8.8.8",
    "2606:4700:4700::1111",
    "2620:fe::fe",
    "2001:4860:4860::8888",
)
PAGE = "http://connectivitycheck.gstatic.com/generate_204"
"""Answers 204 with an empty body, unencrypted, so that a login page in the way shows itself."""
SITES = ("https://www.wikipedia.org/", "https://www.debian.org/")
"""Neutral, of two operators on networks of their own, there for decades, and larger than 8 kB without a redirect."""
SLOW = 1_000_000.0
"""Bits a second: one call with a picture takes more than that."""
