"""Mail by the surroundings: off unless a server is named, refused where it could not work or would be readable."""

import subprocess
import sys
from pathlib import Path

import pytest

from ceping.config.environment import BadSetting
from ceping.config.mail import Mail, faults_in_mail, mail_in, site_url

SOUND = {
    "CEPING_MAIL_HOST": "smtp.example.cn",
    "CEPING_MAIL_USER": "ceping",
    "CEPING_MAIL_PASSWORD": " p ",
    "CEPING_MAIL_FROM": "测评平台 <ceping@example.cn>",
}


def test_without_a_server_letters_are_files() -> None:
    mail = mail_in({"CEPING_MAIL_PORT": "x"})
    assert mail == Mail()
    assert faults_in_mail(mail) == []
    assert list(mail.settings()) == ["EMAIL_BACKEND"]
    assert "FileOutbox" in str(mail.settings())


@pytest.mark.parametrize(("security", "port"), [("", 465), ("ssl", 465), ("starttls", 587)])
def test_a_named_server_is_used_encrypted(security: str, port: int) -> None:
    mail = mail_in(SOUND | {"CEPING_MAIL_SECURITY": security})
    assert faults_in_mail(mail) == []
    told = mail.settings()
    assert (told["EMAIL_PORT"], told["EMAIL_HOST_PASSWORD"]) == (port, " p ")
    assert (told["EMAIL_USE_SSL"], told["EMAIL_USE_TLS"]) == (port == 465, port == 587)


@pytest.mark.parametrize("change", [{"SECURITY": "tls1"}, {"PORT": "0"}, {"PORT": "smtp"}, {"PORT": "70000"}], ids=str)
def test_what_cannot_be_meant_is_told(change: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="CEPING_MAIL_"):
        mail_in(SOUND | {f"CEPING_MAIL_{name}": value for name, value in change.items()})


@pytest.mark.parametrize("change", [{"FROM": ""}, {"FROM": "测评"}, {"USER": ""}, {"SECURITY": "none"}], ids=str)
def test_what_could_not_work_or_stands_open_is_refused(change: dict[str, str]) -> None:
    told = faults_in_mail(mail_in(SOUND | {f"CEPING_MAIL_{name}": value for name, value in change.items()}))
    assert len(told) == 1
    assert "请" in told[0]
    local = SOUND | {"CEPING_MAIL_HOST": "127.0.0.1", "CEPING_MAIL_SECURITY": "none"}
    assert faults_in_mail(mail_in(local)) == []


def test_links_lead_to_where_the_platform_is() -> None:
    assert site_url(hosts=["ceping.cn"], https=True, bind="10.0.0.5", port=8001) == "https://ceping.cn"
    assert site_url(hosts=["localhost"], https=False, bind="", port=8001) == "http://localhost:8001"
    assert site_url(hosts=[], https=False, bind="0.0.0.0", port=8001) == "http://127.0.0.1:8001"  # noqa: S104
    assert site_url(hosts=[], https=False, bind="::1", port=80) == "http://[::1]:80"


@pytest.mark.parametrize(("demo", "backend"), [("0", "smtp"), ("1", "FileOutbox")])
def test_the_settings_take_it_and_the_demo_writes_to_nobody(demo: str, backend: str, tmp_path: Path) -> None:
    asked = "from ceping.config import settings as s; print(s.EMAIL_BACKEND, s.SITE_URL)"
    environ = SOUND | {"CEPING_HOME": str(tmp_path), "CEPING_PORT": "8007", "CEPING_DEMO": demo}
    told = subprocess.run([sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True).stdout
    assert backend in told
    assert "http://127.0.0.1:8007" in told
