"""The file of CDS clients: what it may hold, and every fault of it told at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.access.cds_client import PUBLIC_URL, CdsClient, cds_settings
from tests.access.tokens import ISSUER, AnIssuer
from triage.access import check_access, prepare_access
from triage.access.cds_clients import cds_clients_of, fhir_servers_of, origins_of
from triage.config import Settings, public_url
from triage.errors import SettingsError

BEYOND = "0.0.0.0:8000"

WHOLE = {"iss": "https://a.example", "jku": "https://a.example/keys"}


def written(folder: Path, text: str) -> Settings:
    """Settings with a file of clients that holds a text."""
    path = folder / "clients.toml"
    path.write_text(text)
    return Settings(cds_clients=path, public_url=PUBLIC_URL)


def listed(folder: Path, *tables: dict[str, Any]) -> Settings:
    """Settings with a file of clients that holds tables."""
    lines = [
        "\n".join(["[[client]]", *(f"{name} = {json.dumps(table[name])}" for name in table)])
        for table in tables
    ]
    return written(folder, "\n".join(lines))


def faults(settings: Settings) -> list[str]:
    """What is said of a file of clients, a line for each fault, without which file it is."""
    with pytest.raises(SettingsError) as refused:
        cds_clients_of(settings)
    before = f"TRIAGE_CDS_CLIENTS: {settings.cds_clients}"
    lines = str(refused.value).splitlines()
    assert all(line.startswith(before) for line in lines)
    return [line.removeprefix(before).removeprefix(": ") for line in lines]


def test_without_the_setting_there_are_no_clients() -> None:
    assert cds_clients_of(Settings()) == ()
    assert origins_of(Settings()) == frozenset()
    assert fhir_servers_of(Settings()).allowed(None, "https://a.example") is None


def test_a_client_needs_no_more_than_its_name_and_keys(tmp_path: Path) -> None:
    (client,) = cds_clients_of(listed(tmp_path, WHOLE))
    assert (client.iss, client.jku) == (WHOLE["iss"], WHOLE["jku"])
    assert (client.keys, client.fhir_servers, client.origins) == (None, (), ())


def test_the_origins_of_all_clients_are_written_as_browsers_write_them(tmp_path: Path) -> None:
    one = {**WHOLE, "origins": ["https://A.example:443/", "http://localhost:8080"]}
    two = {**WHOLE, "iss": "https://b.example", "origins": ["https://b.example:8443"]}
    assert origins_of(listed(tmp_path, one, two)) == {
        "https://a.example",
        "http://localhost:8080",
        "https://b.example:8443",
    }


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"iss": None}, "client 1 has no iss; say what its tokens say"),
    "no keys": ({"jku": None}, "client 1 has no keys; give jku"),
    "a name that is no address": ({"iss": "ehr"}, "client 1, 'iss': must be a URL that begins"),
    "a name over an open line": ({"iss": "http://a.example"}, "'iss': must be a URL that begins"),
    "a name with a space": ({"iss": "https://a.example/ b"}, "'iss': must be a URL"),
    "a name with a line break": ({"iss": "https://a.example/\nb"}, "'iss': must be a URL"),
    "a name too long": ({"iss": f"https://{'a' * 250}"}, "of 255 characters at most"),
    "a number for a name": ({"iss": 1}, "'iss': must be a URL"),
    "keys over an open line": ({"jku": "http://a.example/k"}, "'jku': must be a URL that begins"),
    "keys in a file of no name": ({"keys": ""}, "'keys': must be the path of a file"),
    "keys in no file": ({"keys": "none.json"}, "none.json cannot be read: No such file"),
    "keys in a file without": ({"keys": "empty.json"}, "empty.json holds no keys to use"),
    "a field that is not known": ({"jkus": []}, "client 1, 'jkus': is not known; did you mean jku"),
    "servers that are no list": ({"fhir_servers": "https://a.example"}, "must be a list, such as"),
    "a server over an open line": ({"fhir_servers": ["http://a.example"]}, "must hold addresses"),
    "a server with a user": ({"fhir_servers": ["https://a@b.example"]}, "with no user, query"),
    "a server that is a number": ({"fhir_servers": [1]}, "must hold addresses such as"),
    "a server at a number": ({"fhir_servers": ["https://167772167"]}, "must hold addresses"),
    "a server at a short number": ({"fhir_servers": ["https://10.7"]}, "must hold addresses"),
    "a server by two ways": ({"fhir_servers": ["https://[::ffff:10.0.0.7]"]}, "must hold"),
    "this machine by another way": ({"fhir_servers": ["http://0x7f.1/"]}, "must hold addresses"),
    "a server of a label too few": ({"fhir_servers": ["https://a..example"]}, "must hold"),
    "a server at no port": ({"fhir_servers": ["https://a.example:65536"]}, "must hold addresses"),
    "any origin": ({"origins": ["*"]}, "'origins': must hold addresses such as"),
    "no origin": ({"origins": ["null"]}, "'origins': must hold addresses such as"),
    "an origin with a path": ({"origins": ["https://a.example/b"]}, "must be addresses without a"),
}


@pytest.mark.parametrize(("changes", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_place_and_remedy(
    changes: dict[str, Any], said: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.json").write_text('{"keys": []}')
    table = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    (fault,) = faults(listed(tmp_path, table))
    assert said in fault


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    good = {**WHOLE, "iss": "https://b.example"}
    wrong: dict[str, Any] = {"jku": "keys", "origins": 1, "name": "a"}
    assert [
        fault.partition(":")[0] for fault in faults(listed(tmp_path, wrong, good, {}, good))
    ] == [
        "client 1, 'jku'",
        "client 1, 'origins'",
        "client 1, 'name'",
        "client 1 has no iss; say what its tokens say",
        "client 3 has no iss; say what its tokens say",
        "client 3 has no keys; give jku, the URL of its key set, or keys, a file of it",
        "client 4 has the iss of client 2; make one of the two",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it must hold tables [[client]] and nothing else"),
        ("client = []", "it must hold tables"),
        ("client = 1", "it must hold tables"),
        ("client = [1]", "client 1 is not a table; write [[client]] above its lines"),
        ("[client]\niss = 'a'", "it must hold tables"),
        ("[[clients]]\niss = 'a'", "it must hold tables"),
        ("[[client]]\niss = ", "is not TOML: Invalid value (at"),
        ("[[client]]\nkeys = 2026-01-01", "'keys': must be the path of a file"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
    ids=range(9),
)
def test_a_file_of_something_else_is_refused(text: str, said: str, tmp_path: Path) -> None:
    assert any(said in fault for fault in faults(written(tmp_path, text)))


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    settings = written(tmp_path, "")
    assert settings.cds_clients is not None
    settings.cds_clients.write_bytes(b"\xff")
    assert "is not TOML: UnicodeDecodeError" in faults(settings)[0]
    settings.cds_clients.unlink()
    assert "cannot be read: No such file" in faults(settings)[0]


def test_a_service_with_a_faulty_file_does_not_start(tmp_path: Path) -> None:
    for settings in (written(tmp_path, ""), AnIssuer(tmp_path).settings(cds_clients=tmp_path)):
        for start in (check_access, prepare_access):
            with pytest.raises(SettingsError, match="TRIAGE_CDS_CLIENTS"):
                start(settings)


def test_beyond_this_machine_clients_must_be_told_how_the_service_is_called(
    tmp_path: Path,
) -> None:
    clients = cds_settings(tmp_path, CdsClient(tmp_path)).cds_clients
    settings = AnIssuer(tmp_path).settings(cds_clients=clients, bind=BEYOND)
    with pytest.raises(SettingsError, match="TRIAGE_CDS_CLIENTS needs TRIAGE_PUBLIC_URL"):
        check_access(settings)
    with pytest.raises(SettingsError, match=r"TRIAGE_PUBLIC_URL: .* not begin with https://"):
        check_access(replace(settings, public_url="http://triage.example"))
    check_access(replace(settings, public_url=PUBLIC_URL))
    check_access(replace(settings, cds_clients=None))


def test_on_this_machine_the_address_is_where_it_listens(tmp_path: Path) -> None:
    settings = cds_settings(tmp_path, CdsClient(tmp_path), public_url=None)
    check_access(settings)
    assert public_url(settings) == "http://127.0.0.1:8000"
    assert public_url(replace(settings, bind="[::1]:80")) == "http://[::1]:80"


def test_who_issues_access_tokens_is_no_client(tmp_path: Path) -> None:
    listed_too = listed(tmp_path, {**WHOLE, "iss": ISSUER})
    settings = AnIssuer(tmp_path).settings(
        cds_clients=listed_too.cds_clients, public_url=PUBLIC_URL
    )
    with pytest.raises(SettingsError, match="the iss of a client is TRIAGE_ISSUER"):
        check_access(settings)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://triage.example", "https://triage.example"),
        ("https://triage.example/", "https://triage.example"),
        ("https://care.example:8443/triage/", "https://care.example:8443/triage"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("triage.example", None),
        ("ftp://triage.example", None),
        ("https://", None),
        ("https://Triage.example", None),
        ("https://triage.example?a=b", None),
        ("https://triage.example#a", None),
        ("https://a@triage.example", None),
        ("https://triage.example//a", None),
        ("https://triage.example/%61", None),
        ("https://triage.example\n", None),
        ("https://triage.example:0", None),
        ("", None),
    ],
)
def test_the_address_of_the_service_is_read_strictly(text: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(SettingsError, match=r"TRIAGE_PUBLIC_URL: (?s:.*) as https://triage"):
            Settings.from_environment({"TRIAGE_PUBLIC_URL": text})
    else:
        assert public_url(Settings.from_environment({"TRIAGE_PUBLIC_URL": text})) == read


A, B = "https://a.example", "https://b.example"

SERVERS = ["https://fhir.a.example/r4", "https://10.0.0.7:8443"]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The servers of one client, and none of another."""
    tables = ({**WHOLE, "fhir_servers": SERVERS}, {**WHOLE, "iss": B})
    return fhir_servers_of(listed(tmp_path_factory.mktemp("servers"), *tables))


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        ("https://fhir.a.example/r4", "https://fhir.a.example/r4"),
        ("https://fhir.a.example/r4/", "https://fhir.a.example/r4"),
        ("https://FHIR.a.example:443/r4", "https://fhir.a.example/r4"),
        ("https://fhir.a.example/r4/tenant-7", "https://fhir.a.example/r4/tenant-7"),
        ("https://10.0.0.7:8443/r4", "https://10.0.0.7:8443/r4"),
    ],
)
def test_a_listed_server_may_be_called_at_or_below_its_address(
    asked: str, called: str, servers: Any
) -> None:
    assert servers.allowed(A, asked) == called


@pytest.mark.parametrize(
    "asked",
    [
        "https://fhir.a.example",
        "https://fhir.a.example/",
        "https://fhir.a.example/R4",
        "https://fhir.a.example/r4-admin",
        "https://fhir.a.example/r4/../admin",
        "https://fhir.a.example/r4/%2e%2e/admin",
        "https://fhir.a.example/r4/..;/admin",
        "https://fhir.a.example/r4?_format=json",
        "https://fhir.a.example/r4#a",
        "https://fhir.a.example//r4",
        "https://fhir.a.example:8443/r4",
        "http://fhir.a.example/r4",
        "https://fhir.a.example.evil.example/r4",
        "https://fhir.a.example@evil.example/r4",
        "https://user@fhir.a.example/r4",
        "https://evil.example/fhir.a.example/r4",
        "https://evil.example\\@fhir.a.example/r4",
        "https://fhir.a.example\\.evil.example/r4",
        "https://fhir.a.example./r4",
        "https:/fhir.a.example/r4",
        "//fhir.a.example/r4",
        " https://fhir.a.example/r4",
        "https://fhir.a.example/r4\n",
        "https://fhir.a.exam\tple/r4",
        "https://fhir\N{IDEOGRAPHIC FULL STOP}a.example/r4",
        "https://\N{FULLWIDTH LATIN SMALL LETTER F}hir.a.example/r4",
        "https://10.0.0.7/",
        "https://10.7:8443",
        "https://012.0.0.7:8443",
        "https://0x0a000007:8443",
        "https://167772167:8443",
        "https://[::ffff:10.0.0.7]:8443",
        "https://[::ffff:a00:7]:8443",
        "file:///etc/passwd",
        "http://127.0.0.1:8000/",
        "http://169.254.169.254/latest/meta-data",
        "",
        None,
        7,
        ["https://fhir.a.example/r4"],
        {"url": "https://fhir.a.example/r4"},
    ],
    ids=str,
)
def test_nothing_else_is_called(asked: Any, servers: Any) -> None:
    assert servers.allowed(A, asked) is None


@pytest.mark.parametrize("client", [B, "https://a.example/", "local:dr-who", "", None])
def test_a_server_is_called_for_its_own_client_alone(client: str | None, servers: Any) -> None:
    assert servers.allowed(client, SERVERS[0]) is None


@given(
    st.from_regex(r"https?://[a-z0-9.@\\:%\[\]-]*(/[a-z0-9.%;\\-]*)*", fullmatch=True)
    | st.text()
    | st.recursive(st.none() | st.integers() | st.floats(), st.lists, max_leaves=3)
)
def test_whatever_is_asked_only_what_is_listed_is_called(servers: Any, asked: Any) -> None:
    called = servers.allowed(A, asked)
    assert called is None or any(f"{called}/".startswith(f"{one}/") for one in SERVERS)
