"""An identity provider by the surroundings: off unless named, refused half named or where it would let others in."""

import subprocess
import sys
from pathlib import Path

import pytest

from ceping.config.oidc import Oidc, faults_in_oidc, oidc_in


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("s3cret\n", encoding="ascii")
    return {
        "CEPING_OIDC_ISSUER": "https://id.example.gov.cn/realm",
        "CEPING_OIDC_CLIENT": "ceping",
        "CEPING_OIDC_SECRET_FILE": str(secret),
        "CEPING_OIDC_CLAIM": "email",
    }


def test_without_a_name_there_is_none() -> None:
    assert oidc_in({}) == Oidc(label="统一身份认证")
    assert not oidc_in({}).whole
    assert faults_in_oidc(oidc_in({})) == []


def test_a_whole_one_is_offered(sound: dict[str, str]) -> None:
    oidc = oidc_in(sound | {"CEPING_OIDC_PAGES": "https://login.example.gov.cn/x"})
    assert oidc.whole
    assert oidc.origins() == ["https://id.example.gov.cn", "https://login.example.gov.cn"]
    told = str(oidc.settings())
    assert "'secret': 's3cret'" in told
    assert "'scope': ['openid', 'email']" in told
    assert "s3cret" not in repr(oidc)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CEPING_OIDC_CLIENT": ""}, "只配置了一半，缺 CEPING_OIDC_CLIENT。"),
        ({"CEPING_OIDC_ISSUER": "", "CEPING_OIDC_SECRET_FILE": ""}, "CEPING_OIDC_ISSUER、CEPING_OIDC_SECRET_FILE"),
        ({"CEPING_OIDC_ISSUER": "http://id.example.gov.cn"}, "https"),
        ({"CEPING_OIDC_ISSUER": "https://id.example.gov.cn/?a=1"}, "https"),
        ({"CEPING_OIDC_ISSUER": "https://[bad"}, "https"),
        ({"CEPING_OIDC_PAGES": "login.example.gov.cn"}, "CEPING_OIDC_PAGES"),
        ({"CEPING_OIDC_CLAIM": "preferred_username"}, "用户可以自己改"),
        ({"CEPING_OIDC_SECRET_FILE": "/nowhere/secret"}, "读不出来"),
    ],
    ids=str,
)
def test_what_is_half_or_unsafe_is_refused(sound: dict[str, str], change: dict[str, str], said: str) -> None:
    oidc = oidc_in(sound | change)
    (told,) = faults_in_oidc(oidc)
    assert said in told
    assert "请" in told
    assert not oidc.whole


@pytest.mark.parametrize(("text", "mode", "said"), [("", 0o600, "空的"), ("x", 0o644, "chmod 600")])
def test_a_secret_others_could_read_is_refused(sound: dict[str, str], text: str, mode: int, said: str) -> None:
    path = Path(sound["CEPING_OIDC_SECRET_FILE"])
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    (told,) = faults_in_oidc(oidc_in(sound))
    assert said in told


def started(home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ceping.config.prepare"]
    given = {"PATH": "/usr/bin:/bin", "CEPING_HOME": str(home)} | environ
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_the_program_does_not_start_half_configured(sound: dict[str, str], tmp_path: Path) -> None:
    half = {name: value for name, value in sound.items() if name != "CEPING_OIDC_CLIENT"}
    done = started(tmp_path / "home", **half)
    assert done.returncode == 2
    assert "缺 CEPING_OIDC_CLIENT" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "pg").exists()


def test_without_one_the_addresses_are_not_there(sound: dict[str, str], tmp_path: Path) -> None:
    asked = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try: print(reverse('openid_connect_login', args=['oidc']))\n"
        "except NoReverseMatch: print('none')"
    )
    given = {"CEPING_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ceping.config.settings"}
    for environ, said in (({}, "none"), (sound, "/accounts/oidc/oidc/login/"), (sound | {"CEPING_DEMO": "1"}, "none")):
        done = subprocess.run(
            [sys.executable, "-c", asked], env=given | environ, capture_output=True, text=True, check=False
        )
        assert (done.stdout.strip(), done.returncode) == (said, 0), done.stderr
