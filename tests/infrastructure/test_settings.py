"""A process starts with settings that are all sound, or says everything that is wrong with them."""

import pytest

from infrastructure.settings import PARTS, Settings, SettingsError

KEY = "k" * 32
SOUND = {
    "DOMAIN": "send.example.org",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://send_web:pass-word@db.example.org/send",
    "REDIS_URL": "rediss://queue.example.org/0",
    "QUARANTINE_BUCKET": "example-quarantine",
    "CLEAN_BUCKET": "example-clean",
    "SMTP_URL": "smtp://user:pass-word@mail.example.org:587?starttls=1",
    "MAIL_FROM": "Oakfield partnership <no-reply@send.example.org>",
    "SCANNER_URL": "clamd://scanner.example.org:3310",
}
DEMO = {
    "DEMO": "1",
    "DOMAIN": "localhost:8000",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://send_web@127.0.0.1:20001/send",
    "REDIS_URL": "redis://:word@127.0.0.1:20002/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:20003",
    "SMTP_URL": "smtp://127.0.0.1:20004",
    "MAIL_FOLDER": "mail",
    "SCANNER_URL": "demo:",
}


def problems(env: dict[str, str], *needs: str) -> str:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(env, needs or PARTS)
    return str(error.value)


def test_sound_settings_are_taken_over() -> None:
    settings = Settings.from_environment(SOUND)
    assert (settings.domain, settings.scheme, settings.is_secure) == ("send.example.org", "https", True)
    assert settings.database_url == "postgresql+psycopg://send_web:pass-word@db.example.org/send"
    assert (settings.demo, settings.trusted_proxies, settings.environment) == (False, 0, "production")
    assert (settings.mail_folder, settings.sentry_dsn, settings.previous_secret_keys) == (None, None, ())


def test_the_demo_has_defaults_for_what_is_not_secret() -> None:
    settings = Settings.from_environment(DEMO)
    assert (settings.quarantine_bucket, settings.clean_bucket) == ("send-quarantine", "send-clean")
    assert (settings.scheme, settings.is_secure, settings.environment) == ("http", False, "demo")
    assert settings.origins == ("http://localhost:8000", "http://*.localhost:8000")


def test_an_empty_environment_is_told_everything_it_lacks() -> None:
    told = problems({})
    for name in SOUND:
        assert f"- {name} is missing." in told


@pytest.mark.parametrize("name", sorted(SOUND))
def test_nothing_has_a_default_outside_the_demo(name: str) -> None:
    env = {key: value for key, value in SOUND.items() if key != name}
    assert problems(env) == f"The service cannot start:\n- {name} is missing."


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "SCANNER_URL"])
def test_no_secret_has_a_default_in_the_demo_either(name: str) -> None:
    assert f"{name} is missing." in problems({key: value for key, value in DEMO.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOMAIN", "https://send.example.org"),
        ("DOMAIN", "Send.example.org"),
        ("DOMAIN", "send..example.org"),
        ("SCHEME", "http"),
        ("SECRET_KEY", "short"),
        ("PREVIOUS_SECRET_KEYS", f"{KEY},short"),
        ("DATABASE_URL", "mysql://db.example.org/send"),
        ("DATABASE_URL", "postgresql://db.example.org:port/send"),
        ("REDIS_URL", "http://queue.example.org"),
        ("S3_ENDPOINT_URL", "http://storage.example.org"),
        ("S3_ENDPOINT_URL", "https://storage.example.org/path"),
        ("AWS_REGION", "London"),
        ("QUARANTINE_BUCKET", "Not_A_Bucket"),
        ("SMTP_URL", "smtp://user:pass-word@mail.example.org"),
        ("SMTP_URL", "mail.example.org:25"),
        ("SMTP_URL", "smtp://mail.example.org:port"),
        ("MAIL_FROM", "the partnership"),
        ("MAIL_FOLDER", "mail"),
        ("SCANNER_URL", "demo:"),
        ("SCANNER_URL", "clamd:3310"),
        ("SENTRY_DSN", "key"),
        ("TRUSTED_PROXIES", "many"),
        ("LOG_LEVEL", "loud"),
        ("DEMO", "yes"),
    ],
)
def test_a_bad_value_is_the_one_problem_that_is_told(name: str, value: str) -> None:
    told = problems({**SOUND, name: value})
    assert told.count("\n- ") == 1
    assert f"- {name} " in told
    assert "pass-word" not in told


def test_the_words_of_the_demo_are_for_the_demo_only() -> None:
    told = problems({key: value for key, value in DEMO.items() if key != "DEMO"})
    for name in ("MAIL_FOLDER", "SCANNER_URL", "S3_ENDPOINT_URL"):
        assert f"- {name} " in told


def test_a_process_needs_only_what_it_works_with() -> None:
    relay = {name: SOUND[name] for name in ("DOMAIN", "SECRET_KEY", "DATABASE_URL", "REDIS_URL")}
    settings = Settings.from_environment(relay, needs=("database", "redis"))
    assert (settings.smtp_url, settings.scanner_url, settings.clean_bucket) == (None, None, None)


def test_what_is_not_needed_but_there_must_still_be_sound() -> None:
    assert "- SMTP_URL must" in problems({**SOUND, "SMTP_URL": "post"}, "database")


def test_an_unknown_part_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="telepathy"):
        Settings.from_environment(SOUND, needs=("telepathy",))


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Settings.from_environment({**SOUND, "SENTRY_DSN": "https://word@sentry.example.org/1"}))
    assert not any(secret in shown for secret in (KEY, "pass-word", "word@"))


def test_pages_may_reach_the_storage_and_nothing_beside_it() -> None:
    assert Settings.from_environment(DEMO).storage_origin == "http://127.0.0.1:20003"
    assert Settings.from_environment({**SOUND, "AWS_REGION": "eu-west-2"}).storage_origin == (
        "https://example-quarantine.s3.eu-west-2.amazonaws.com https://example-clean.s3.eu-west-2.amazonaws.com"
    )
