"""The keys of clients: from where the file says, and as they are now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.access.cds_client import URL, CdsClient, Seen, ask, cds_settings, hooks_app
from tests.access.provider import Provider
from tests.access.test_tokens import encoded
from tests.access.tokens import a_key, signed
from triage.access.refusals import ISSUER_AWAY


@pytest.fixture
def seen() -> Seen:
    """What was seen so far: nothing."""
    return Seen()


def test_keys_come_and_go_without_a_restart(tmp_path: Path, seen: Seen) -> None:
    old, new = a_key("ES384", "old"), a_key("ES384", "new")
    before, after = CdsClient(tmp_path, key=old), CdsClient(tmp_path, key=new)
    hooks = hooks_app(cds_settings(tmp_path, before), seen.first_sight).test_client()
    statuses = []
    for keys in ((old,), (old, new), (new,)):
        before.publish(*keys)
        statuses.append([ask(hooks, one.token(URL)).status_code for one in (before, after)])
    assert statuses == [[200, 401], [200, 200], [401, 200]]


def fetching(provider: Provider, folder: Path) -> CdsClient:
    """A client whose keys the provider publishes."""
    provider.keys = [a_key("ES384")]
    return CdsClient(folder, jku=f"{provider.issuer}/keys")


def test_keys_are_fetched_from_where_the_file_says_and_when_they_are_needed(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    client = fetching(provider, tmp_path)
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    assert provider.asked == []
    claims = [client.claims(URL) for _ in range(2)]
    named = signed(claims[0], client.key, "ES384", typ="JWT", jku=client.jku)
    assert ask(hooks, named).status_code == 200
    assert ask(hooks, signed(claims[1], client.key, "ES384", typ="JWT")).status_code == 200
    assert provider.asked == ["/keys"]


@pytest.mark.parametrize(
    "told",
    ["/other", "/keys/", "/keys?a=b", "/keys#", "/elsewhere", ["/keys"], None, 1, {}],
    ids=str,
)
def test_keys_are_never_fetched_from_where_a_token_says(
    told: Any, provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    client = fetching(provider, tmp_path)
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    jku = f"{provider.issuer}{told}" if isinstance(told, str) else told
    head = encoded({"alg": "ES384", "kid": "one", "typ": "JWT", "jku": jku})
    answer = ask(hooks, f"{head}.{encoded(client.claims(URL))}.AAAA")
    assert (answer.status_code, answer.text) == (401, "keys from elsewhere")
    assert provider.asked == []


def test_the_file_may_hold_keys_and_say_what_tokens_say_of_them(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    settings = cds_settings(tmp_path, CdsClient(tmp_path))
    assert settings.cds_clients is not None
    jku = f"{provider.issuer}/keys"
    settings.cds_clients.write_text(f'{settings.cds_clients.read_text()}jku = "{jku}"\n')
    hooks = hooks_app(settings, seen.first_sight).test_client()
    token = signed(CdsClient(tmp_path).claims(URL), a_key("ES384"), "ES384", typ="JWT", jku=jku)
    assert ask(hooks, token).status_code == 200
    assert provider.asked == []


def test_while_no_keys_can_be_had_the_answer_is_later(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    client = fetching(provider, tmp_path)
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    provider.is_down = True
    answer = ask(hooks, client.token(URL))
    assert (answer.status_code, seen.told) == (ISSUER_AWAY.status, [])


def test_the_last_good_keys_count_while_their_publisher_is_away(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    client = fetching(provider, tmp_path)
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    assert ask(hooks, client.token(URL)).status_code == 200
    provider.is_down = True
    assert ask(hooks, client.token(URL)).status_code == 200


def test_unknown_keys_do_not_have_them_fetched_over_and_over(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    client = fetching(provider, tmp_path)
    hooks = hooks_app(cds_settings(tmp_path, client), seen.first_sight).test_client()
    for kid in ("two", "three", "four"):
        unknown = signed(client.claims(URL), a_key("ES384", kid), "ES384", typ="JWT")
        assert ask(hooks, unknown).text == "no such key"
    assert provider.asked == ["/keys"]
