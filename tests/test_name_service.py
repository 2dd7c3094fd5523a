"""A name service that answers nothing but "there is no such name" does not work, and is named."""

import asyncio

import pytest

from bcp.check.name_service import answering
from bcp.probe.trouble import Trouble
from tests.wire import dns_answer, udp_server

EXIST = ("www.here.test", "www.there.test")


def asked(known):
    with udp_server(lambda packet: dns_answer(packet, known)) as port:
        return asyncio.run(answering((("127.0.0.1", port),), EXIST, None))


def test_servers_that_know_one_of_the_names_that_exist_answer():
    assert asked({"www.there.test": "192.0.2.7"}) == "the name server 127.0.0.1 answers"


def test_servers_that_deny_all_names_that_exist_do_not_and_are_named():
    with pytest.raises(Trouble) as trouble:
        asked({"somebody.else.test": "192.0.2.7"})
    assert "127.0.0.1 says that there is no such name as www." in trouble.value.reason
