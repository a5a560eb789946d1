"""What is handed to whoever runs the service holds what it must."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web import uploads
from infrastructure.database.ids import new_id
from infrastructure.settings import PARTS, Settings, SettingsError
from tests.services import TestDatabase

DEPLOY = Path(__file__).resolve().parents[2] / "infrastructure" / "deploy"
ROOT = DEPLOY.parents[1]
UNITS = {"send-web", "send-worker@", "send-relay", "send-schedule"}
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "RestrictNamespaces": "yes",
    "UMask": "0077",
    "LimitCORE": "0",  # a picture of the memory would show what pages say
}
NEVER_FROM_A_CLIENT = {
    *("X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "Forwarded"),
    *("X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "Proxy"),
}


def unit(name: str) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / f"{name}.service").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings.setdefault(key, []).append(value)
    return settings


def processes() -> dict[str, str]:
    lines = (DEPLOY / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def directives() -> Iterator[tuple[str, ...]]:
    text = re.sub(r"(?m)^\s*#.*$", "", (DEPLOY / "nginx.conf").read_text())
    for statement in re.split(r"[;{}]", text):
        if words := statement.split():
            yield tuple(word.strip("\"'") for word in words)


def test_there_is_a_unit_for_every_process() -> None:
    assert {file.stem for file in (DEPLOY / "systemd").glob("*.service")} == UNITS
    commands = [unit(name)["ExecStart"][0].removeprefix("/srv/send/.venv/bin/") for name in sorted(UNITS)]
    for started in processes().values():
        plain = re.sub(r"workers.start \w+", "workers.start %i", started)
        assert any(command.startswith(plain) for command in commands)


@pytest.mark.parametrize("command", sorted(processes().values()))
def test_what_a_process_starts_is_there(command: str) -> None:
    module = re.search(r"-m (\S+)|gunicorn (\w+)", command)
    assert module is not None
    assert (ROOT / f"{(module[1] or module[2]).replace('.', '/')}.py").is_file()


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_process_that_is_broken_into_finds_little(name: str) -> None:
    settings = unit(name)
    assert {key: settings[key][0] for key in HARDENING} == HARDENING
    assert settings["User"] == ["send"]
    assert "ReadWritePaths" not in settings


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_process_comes_back_and_may_finish_its_work_first(name: str) -> None:
    settings = unit(name)
    assert settings["Restart"] == ["always"]
    assert settings["KillSignal"] == ["SIGTERM"]
    assert int(settings["TimeoutStopSec"][0]) > 30


def test_no_unit_holds_a_secret() -> None:
    for name in UNITS:
        assert unit(name)["EnvironmentFile"][0].startswith("/etc/send/")
        assert "PASSWORD" not in str(unit(name)["Environment"]).upper()


def test_the_proxy_says_one_host_and_takes_away_every_other_claim() -> None:
    headers = [(words[1], " ".join(words[2:])) for words in directives() if words[0] == "proxy_set_header"]
    said = dict(headers)
    assert len(said) == len(headers)
    assert said["Host"] == "$host"
    assert (said["X-Forwarded-For"], said["X-Forwarded-Proto"]) == ("$remote_addr", "https")
    assert {name for name, value in said.items() if not value} >= NEVER_FROM_A_CLIENT


def test_headers_are_set_where_every_location_inherits_them() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for location in re.findall(r"location [^{]*\{([^}]*)\}", text):
        assert "proxy_pass" in location
        assert "proxy_set_header" not in location


def test_a_name_that_is_not_ours_gets_no_answer() -> None:
    (first, *_) = re.findall(r"server \{(.*?)\n\}", (DEPLOY / "nginx.conf").read_text(), re.DOTALL)
    assert first.count("default_server") == 2
    assert "ssl_reject_handshake on;" in first
    assert "return 444;" in first


@pytest.mark.parametrize(
    "name",
    [
        *("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"),
        *("proxy_connect_timeout", "proxy_send_timeout", "proxy_read_timeout"),
    ],
)
def test_nobody_is_waited_for_longer_than_a_minute(name: str) -> None:
    (value,) = [words[1] for words in directives() if words[0] == name]
    assert 0 < int(value.removesuffix("s")) <= 60


def test_nothing_is_tried_twice() -> None:
    assert ("proxy_next_upstream", "off") in directives()


def test_what_is_too_large_is_said_by_the_service_and_not_by_the_proxy(database: TestDatabase) -> None:
    """Where a form may be large, the proxy lets a larger one through; elsewhere it need not."""
    small, large = (
        int(words[1].removesuffix("m")) * uploads.MEGABYTE
        for words in directives()
        if words[0] == "client_max_body_size"
    )
    (place,) = [re.compile(words[2]) for words in directives() if words[:2] == ("location", "~")]
    limits: dict[str, int] = {}
    for app in database.hosts.apps.values():
        assert app.config["MAX_CONTENT_LENGTH"] < small
        for rule in app.url_map.iter_rules():
            limit = uploads._limits.get(app.view_functions[rule.endpoint])
            if limit:
                limits[re.sub("<[^>]+>", str(new_id()), rule.rule)] = limit
            else:
                assert not place.search(rule.rule) or "POST" not in (rule.methods or ())
    assert len(limits) >= 3
    assert all(place.search(path) and limit < large for path, limit in limits.items())


def test_the_proxy_of_the_oldest_system_understands_every_word() -> None:
    """`http2 on` is a word of nginx 1.25; Debian 12 has 1.22."""
    assert not [words for words in directives() if words[0] == "http2"]


def test_the_proxy_logs_no_address_of_a_page_or_person() -> None:
    text = re.search(r"log_format send(.*?);\n\n", (DEPLOY / "nginx.conf").read_text(), re.DOTALL)
    assert text is not None
    variables = set(re.findall(r"\$\w+", text[1]))
    assert not variables & {
        "$request",
        "$request_uri",
        "$uri",
        "$args",
        "$remote_addr",
        "$http_referer",
        "$http_cookie",
    }


def test_the_readme_names_every_setting_that_must_be_given() -> None:
    readme = (DEPLOY / "README.md").read_text()
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({}, needs=PARTS)
    for problem in error.value.problems:
        assert f"`{problem.split()[0]}`" in readme
