"""What is public and stands for the internet where an office says nothing else: name servers, and a known page."""

NAME_SERVERS = ("1.1.1.1", "9.9.9.9", "8.8.8.8")
PAGE = "http://connectivitycheck.gstatic.com/generate_204"
"""Answers 204 with an empty body, unencrypted, so that a login page in the way shows itself."""
