"""What is public and stands for the internet where an office says nothing else: name servers, pages, a rate."""

NAME_SERVERS = ("1.1.1.1", "9.9.9.9", "8.8.8.8")
PAGE = "http://connectivitycheck.gstatic.com/generate_204"
"""Answers 204 with an empty body, unencrypted, so that a login page in the way shows itself."""
SITES = ("https://www.wikipedia.org/", "https://www.debian.org/")
"""Neutral, of two operators on networks of their own, there for decades, and larger than 8 kB without a redirect."""
SLOW = 1_000_000.0
"""Bits a second: one call with a picture takes more than that."""
