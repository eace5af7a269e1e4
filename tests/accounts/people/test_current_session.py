"""What a page asks first: who is signed in, if anybody."""

from tests.accounts.people.browser import ServedPeople
from tests.accounts.people.world import PASSWORD


async def test_visitors_are_told_that_nobody_is_signed_in(served: ServedPeople) -> None:
    answer = await served.browser().ask("GET", "/session")
    assert (answer.status, answer.body) == (200, {"account": None, "registration": "open"})


async def test_a_browser_is_told_whose_it_is_until_it_signs_out(served: ServedPeople) -> None:
    await served.world.register()
    browser = await served.signed_in(browser=True)
    me = (await browser.ask("GET", "/me")).body
    assert (await browser.ask("GET", "/session")).body == {"account": me, "registration": "open"}
    stale = dict(browser.cookies)
    await browser.ask("DELETE", "/me/session")
    browser.cookies = stale
    assert (await browser.ask("GET", "/session")).body == {"account": None, "registration": "open"}


async def test_a_personal_token_learns_nothing_here_that_its_scopes_withhold(
    served: ServedPeople,
) -> None:
    await served.world.register()
    owner = await served.signed_in()
    wanted = {"name": "x", "scopes": ["follows:read"], "days": 1, "password": PASSWORD}
    program = served.client()
    program.bearer = (await owner.ask("POST", "/me/tokens", wanted)).body["token"]
    assert (await program.ask("GET", "/session")).body == {"account": None, "registration": "open"}
