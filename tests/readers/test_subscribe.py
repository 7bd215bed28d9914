"""Real feed readers subscribe to the example blog over HTTP."""

from pathlib import Path

import pytest

from syndicate.model import Format

from .clients import CLIENTS, Client
from .conftest import Blog

SUBSCRIBED = [
    pytest.param(client, form, id=f"{client.name}-{form}")
    for client in CLIENTS
    for form in client.formats
]
EACH = {client.name: client for client in CLIENTS}
POLLING = [each for each in SUBSCRIBED if each.values[0].polls]


@pytest.mark.parametrize(("client", "form"), SUBSCRIBED)
def test_a_reader_sees_every_entry(
    client: Client, form: Format, blog: Blog, tmp_path: Path
) -> None:
    """Number, ids, titles, links and dates are those of the report."""
    client.need()
    show = client.subscribe(blog.url(form), tmp_path)
    assert sorted(show()) == sorted(map(client.sees, blog.posts()))


@pytest.mark.parametrize("client", EACH.values(), ids=list(EACH))
def test_a_reader_sees_every_entry_of_a_category(
    client: Client, blog: Blog, tmp_path: Path
) -> None:
    """Even where its name, and so the feed's address, is Chinese."""
    client.need()
    show = client.subscribe(blog.url(client.formats[0], "观测"), tmp_path)
    wanted = sorted(map(client.sees, blog.posts("观测")))
    assert len(wanted) > 1
    assert sorted(show()) == wanted


@pytest.mark.parametrize(("client", "form"), POLLING)
def test_a_reader_that_polls_gets_what_is_new(
    client: Client, form: Format, blog: Blog, tmp_path: Path
) -> None:
    """Nothing (304) while nothing changes, then one entry; those that it has, it keeps."""
    client.need()
    show = client.subscribe(blog.url(form), tmp_path)
    before = sorted(map(client.sees, blog.posts()))
    blog.statuses()
    for _ in range(client.learns):
        assert sorted(show()) == before
    assert blog.statuses()[0] == 200
    assert sorted(show()) == before
    assert blog.statuses() == [304]
    after = sorted([*before, client.sees(blog.write_post())])
    assert sorted(show()) == after
    assert blog.statuses() == [226 if client.takes_parts else 200]
    assert sorted(show()) == after
    assert blog.statuses() == [304]
