"""Settings: what is made on the first run, what is refused, and that each is documented."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from facilitator.core.config import Settings, SettingsError

ROOT = Path(__file__).parents[3]
NAME = re.compile(r"\bFACILITATOR_[A-Z_]*[A-Z]\b")


def load(folder: Path, **environ: str) -> Settings:
    return Settings.load(folder, {f"FACILITATOR_{name}": value for name, value in environ.items()})


def test_secrets_are_made_once_and_kept_for_their_owner_only(tmp_path: Path) -> None:
    first, second = load(tmp_path).kept(), load(tmp_path)
    assert first == second
    assert len(first.master_key) == 32
    assert len({first.secret_key, first.password_salt}) == 2
    for path in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = load(tmp_path / "one"), load(tmp_path / "other")
    assert one.secret_key != other.secret_key
    assert one.master_key != other.master_key


def test_an_empty_secret_file_is_never_a_secret(tmp_path: Path) -> None:
    load(tmp_path).kept()
    (tmp_path / "secrets" / "secret_key").write_text("")
    with pytest.raises(SettingsError, match="empty"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["secret_key", "password_salt", "master_key"])
def test_half_a_secret_is_none(tmp_path: Path, name: str) -> None:
    load(tmp_path).kept()
    path = tmp_path / "secrets" / name
    path.write_text(path.read_text()[:9])
    with pytest.raises(SettingsError, match="put it back from a copy"):
        load(tmp_path)


def test_reading_makes_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path / "new")
    assert settings.made == ("secret_key", "password_salt", "master_key")
    assert not (tmp_path / "new").exists()


def test_of_two_that_start_at_once_the_first_decides(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.master_key != second.master_key
    kept = first.kept()
    assert second.kept() == kept
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == [
        "master_key",
        "password_salt",
        "secret_key",
    ]


def test_secrets_and_passwords_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(tmp_path, MAIL_URL="smtp://user:geheim@mail.example.org")
    assert settings.mail_url is not None
    assert "geheim" not in repr(settings)
    assert settings.secret_key not in repr(settings)


def test_without_settings_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/facilitator.sqlite"
    assert settings.keys_url == f"sqlite:///{tmp_path}/keys.sqlite"
    assert not settings.is_https


def test_a_public_address_is_scheme_and_host(tmp_path: Path) -> None:
    settings = load(tmp_path, PUBLIC_URL="https://Meet.example.org/")
    assert settings.public_url == "https://meet.example.org"
    assert settings.is_https


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("SECRET_KEY", "short"),
        ("MASTER_KEY", "bm90IDMyIGJ5dGVz"),
        ("MASTER_KEY", "no base64 at all!"),
        ("PUBLIC_URL", "meet.example.org"),
        ("PUBLIC_URL", "https://meet.example.org/path"),
        ("PUBLIC_URL", "https://somebody@meet.example.org"),
        ("MAIL_URL", "mail.example.org"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_TOKEN", "short"),
        ("TRUSTED_PROXIES", "one"),
        ("SECURITY_CONTACT", "ola@example.org"),
        ("SECURITY_CONTACT", "mailto:ola@example.org\nExpires: never"),
        ("SECURITY_CONTACT", "https://"),
        ("MASTER_KEY", "é"),
        ("WIFI_NAME", "\udcff"),
        ("LOG_LEVEL", "NOTSET"),
        ("TRUSTED_PROXIES", "9" * 5000),
        ("TRUSTED_PROXIES", "²"),
        ("UPLOADS_MEGABYTES", "-1"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://meet.example.org:https"),
        ("PUBLIC_URL", "https://meet.example.org:99999"),
        ("PUBLIC_URL", "https://meet example"),
        ("PUBLIC_URL", "https://a..b"),
        ("ALLOWED_HOSTS", "http://laptop.example"),
        ("ALLOWED_HOSTS", "laptop.example, *"),
        ("ALLOWED_HOSTS", "laptop.example:99999"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://mail.example.org:smtp"),
        ("MAIL_URL", "smtps://[::1"),
        ("MAIL_FROM", "Facilitator"),
        ("MAIL_FROM", "@"),
        ("REDIS_URL", "redis://localhost:many/0"),
        ("REDIS_URL", "redis://[::1/0"),
        ("REDIS_URL", "redis://localhost/zero"),
        ("REDIS_URL", "redis://localhost/0?socket_timeout=long"),
        ("REDIS_URL", "redis://localhost/0?dance=yes"),
        ("REDIS_URL", "unix://"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///texts.sqlite?mode=ro"),
        ("DATABASE_URL", "postgresql://localhost:many/texts"),
        ("DATABASE_URL", "postgresql://[::1/texts"),
        ("KEYS_URL", "sqlite://"),
        ("WIFI_NAME", "x" * 33),
        ("WIFI_NAME", "é" * 17),
        ("WIFI_NAME", "two\twords"),
        ("WIFI_PASSWORD", "short"),
        ("WIFI_PASSWORD", "x" * 64),
        ("WIFI_PASSWORD", "of no network"),
        ("METRICS_TOKEN", "é" * 20),
        ("METRICS_TOKEN", "twenty letters and spaces"),
        ("MAIL_FROM", "Facilitator <é@example.org>"),
        ("MAIL_FROM", "a@example.org, b@example.org"),
        ("MAIL_FROM", f"{'x' * 300}@example.org"),
        ("MAIL_FROM", "Facilitator <a@example.org> too"),
        ("MAIL_FROM", "Facilitator <a b@example.org>"),
        ("PUBLIC_URL", "https://meet.example.org:0"),
        ("PUBLIC_URL", f"https://{'a.' * 130}example"),
        ("PUBLIC_URL", "https://256.1.1.1"),
        ("PUBLIC_URL", "https://meet-.example.org"),
        ("ALLOWED_HOSTS", "laptop..example"),
        ("ALLOWED_HOSTS", "laptop.example:0"),
        ("REDIS_URL", "rediss://localhost/0?ssl_cert_reqs=dance"),
        ("DATABASE_URL", "sqlite:////tmp/a%00b"),
        ("BACKUPS", "~nobody-of-this-name/backups"),
    ],
)
def test_a_bad_value_is_one_clear_line(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, **{name: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("away", ["", "../{name}/"])
def test_keys_are_never_in_the_database_of_the_texts(tmp_path: Path, away: str) -> None:
    place = f"sqlite:///{tmp_path}/{away.format(name=tmp_path.name)}facilitator.sqlite"
    with pytest.raises(SettingsError, match="must be another database"):
        load(tmp_path, KEYS_URL=place)
    with pytest.raises(SettingsError, match="must be another database"):
        load(tmp_path, KEYS_URL="postgresql://me@here/one", DATABASE_URL="postgres://you@here/one")


def test_a_public_address_with_other_letters_is_as_browsers_send_it(tmp_path: Path) -> None:
    assert load(tmp_path, PUBLIC_URL="https://é.example.org:8443").public_url == "https://xn--9ca.example.org:8443"


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot make the folder"):
        load(tmp_path / "file" / "instance").kept()


def test_a_folder_that_links_lead_to_in_a_circle_or_that_is_gone_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for folder in (tmp_path / "one", Path("instance")):
        with pytest.raises(SettingsError, match="look at its links, and at the folder you are in"):
            load(folder)


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^\| `(FACILITATOR_\w+)`", (ROOT / "docs/hosting.md").read_text(), re.MULTILINE))
    used = {name for path in (ROOT / "facilitator").rglob("*.py") for name in NAME.findall(path.read_text())}
    assert used == documented


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WIFI_NAME", "x" * 32),
        ("WIFI_NAME", "Zaal 3 – Café"),
        ("MAIL_FROM", "a@example.org"),
        ("MAIL_FROM", "Jürgen's <a@localhost>"),
        ("MAIL_FROM", '"Us, here" <a@example.org>'),
        ("PUBLIC_URL", "https://10.0.0.1:8443"),
        ("PUBLIC_URL", "https://[fd00::2]:8443"),
        ("PUBLIC_URL", "http://laptop_3.local"),
        ("ALLOWED_HOSTS", "laptop.example, localhost:8080 [::1]:80 10.0.0.1"),
    ],
)
def test_a_value_that_works_is_taken(tmp_path: Path, name: str, value: str) -> None:
    assert isinstance(load(tmp_path, **{name: value}), Settings)


@pytest.mark.parametrize("password", ["x" * 63, "0aF9" * 16])
def test_a_password_goes_with_the_name_of_its_wi_fi(tmp_path: Path, password: str) -> None:
    assert load(tmp_path, WIFI_NAME="Room 3", WIFI_PASSWORD=password).wifi_password == password
