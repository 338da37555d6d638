"""The way to the identity provider and back in a real browser, whose content policy has to let the form go there."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from testbed.browser import barriers, needs_browser
from testbed.identity import provider
from testbed.scene import person

from ceping.config.oidc import Oidc
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]
SHOTS = os.environ.get("CEPING_SHOTS", "")


def shot(page: "Page", name: str) -> None:
    if SHOTS:
        for width, height in ((390, 844), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_one_press_leads_there_and_back(browser: "Browser", live_server: Any, settings: Any) -> None:
    settings.STATICFILES_DIRS = []
    user = person("龚超", Role.PERSONAL)
    user.email = "gong@example.cn"
    user.set_password("liu-he-ta-2022")
    user.save()
    with provider() as identity:
        oidc = Oidc(identity.issuer, "ceping", settings.OIDC.secret_file, "一网通办", "email", given=("ISSUER",))
        settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = oidc, oidc.settings()["SOCIALACCOUNT_PROVIDERS"]
        policy = settings.CONTENT_SECURITY_POLICY
        directives = policy["DIRECTIVES"] | {"form-action": ["'self'", *oidc.origins()]}
        settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": directives}
        identity.claims = {"sub": "s-1", "email": "gong@example.cn", "email_verified": True}
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{live_server.url}/inbox/")
        shot(page, "identity-login")
        assert barriers(page) == []
        page.get_by_role("button", name="用一网通办登录").click()
        page.wait_for_url(f"{live_server.url}/inbox/")
        assert "/in" in identity.asked
        page.goto(f"{live_server.url}/accounts/identity/")
        shot(page, "identity-own")
        assert barriers(page) == []
        page.get_by_role("button", name="解除关联").click()
        page.get_by_role("button", name="关联我的一网通办").wait_for()
        shot(page, "identity-none")
        page.context.clear_cookies()
        User.objects.filter(pk=user.pk).update(email="")
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_role("button", name="用一网通办登录").click()
        page.get_by_text("这个身份在本平台没有可用的账号").wait_for()
        shot(page, "identity-unknown")
        page.close()


def test_twin_where_the_policy_does_not_name_the_provider(browser: "Browser", live_server: Any, settings: Any) -> None:
    settings.STATICFILES_DIRS = []
    with provider() as identity:
        oidc = Oidc(identity.issuer, "ceping", settings.OIDC.secret_file, "一网通办", "email", given=("ISSUER",))
        settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = oidc, oidc.settings()["SOCIALACCOUNT_PROVIDERS"]
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_role("button", name="用一网通办登录").click()
        page.wait_for_timeout(1500)
        assert "/in" not in identity.asked
        page.close()
