"""A site with menus, and an admin at the editor."""

import re

import pytest

from plugins.ivr.menus import read_menus
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  none:
    title: None
    features: {}
  small:
    title: Small
    features: {ivr: true, ivr.max_depth: 2}
  large:
    title: Large
    features: {ivr: true, ivr.max_depth: unlimited}
"""
PLUGINS = ("extension", "forward", "ivr", "queue", "voicemail")


class Editor:
    """A signed-in admin at the editor."""

    def __init__(self, site, account, role="admin"):
        self.site, self.account = site, account
        self.browser = site.sign_in(account, role)

    def menus(self):
        """The account's menus by name, as they are stored."""
        return {one.name: one for one in read_menus(self.account.id).values()}

    def make(self, name, prompt="Press a key."):
        """A new tree; its top."""
        answer = self.browser.post("/ivr_menus/new", name=name, prompt=prompt)
        assert answer.status_code == 302, answer.text
        return self.menus()[name]

    def send(self, menu, do, /, **fields):
        """One of the editor's forms, as the page has it."""
        return self.browser.post(f"/ivr_menus/menu/{menu.id}", do=do, **fields)

    def key(self, menu, key, to, **fields):
        """A key more."""
        return self.send(menu, "add", key=key, to=to, **fields)

    def below(self, menu, key, name):
        """A new menu below a key."""
        answer = self.key(menu, key, "new", name=name, prompt=f"{name}.")
        assert answer.status_code == 302, answer.text
        return self.menus()[name]

    def page(self, menu, /, **query):
        """The drawing."""
        return self.browser.get(f"/ivr_menus/tree/{menu.id}", query_string=query).text

    def seen(self, menu):
        """The version of a menu that the drawing carries."""
        (mark,) = re.findall(rf'data-menu="{menu.id}" data-seen="([^"]*)"', self.page(menu))[:1]
        return mark

    def alerts(self, answer):
        """What the page after a form says."""
        page = self.browser.get(answer.location).text
        return " ".join(re.findall(r'role="status">([^<]*)<', page))


@pytest.fixture
def site(tmp_path):
    """A site with an account on the largest plan."""
    with open_site(tmp_path, PLUGINS, PLANS) as site:
        site.rossi = site.account("Rossi", "large")
        yield site


@pytest.fixture
def editor(site):
    """Its admin."""
    return Editor(site, site.rossi)
