"""Streamer, fan and visitor in real browsers: keys, a show, following, sharing, closing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.accounts_server import accounts_server, signed_in
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Show
from tests.web.channel_house import make_channel, on_air, other_site, shown_secret
from tests.web.chromium import STATE_LIMIT_MS, expect_moving_picture, expect_state
from tests.web.signed_in_page import page_of

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One server: Olga has channels, Fay is a fan, Ada administrates."""
    folder = Path(tmp_path_factory.mktemp("people"))
    with accounts_server(folder, "--set", "accounts.channels.per_account=20") as running:
        yield running


async def test_a_streamer_makes_a_channel_and_a_key_and_sees_the_show(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    async with page_of(browser, people, "/dashboard", "fay") as page:
        await page.get_by_label("Name").fill("Fays-Room")
        await page.get_by_label("Title").fill("Evenings with Fay")
        await page.get_by_role("button", name="Make the channel").click()
        await expect(page).to_have_url(f"{people.http_url}/dashboard/fays-room")
        await expect(page.get_by_role("heading", name="Evenings with Fay")).to_be_visible()
        card = page.locator("rillcast-go-live-card")
        await expect(card.get_by_text(people.rtmp_url, exact=True)).to_be_visible()
        await page.get_by_role("button", name="Make a stream key").click()
        key = await shown_secret(page)
        async with on_air(people, key, show):
            await expect_state(page, "playing")
            await expect_moving_picture(page)
            assert await page.locator("rillcast-player video").evaluate("video => video.muted")
            await page.get_by_role("button", name="End the show").click()
            await page.get_by_role("dialog").get_by_role("button", name="End the show").click()
            await expect(page.get_by_text("The show has been ended.")).to_be_visible()


async def test_a_key_is_renamed_and_is_shown_once(browser: Browser, people: RillcastServer) -> None:
    channel = await make_channel(people, "renamed")
    async with page_of(browser, people, f"/dashboard/{channel.name}/keys", "olga") as page:
        await page.get_by_role("button", name="Rename: studio camera").click()
        name = page.get_by_role("dialog").get_by_label("Name")
        await expect(name).to_have_value("studio camera")
        await expect(name).to_be_focused()
        await name.fill("roof camera")
        await page.get_by_role("dialog").get_by_role("button", name="Rename").click()
        await expect(page.get_by_role("heading", name="roof camera")).to_be_visible()
        await page.get_by_role("button", name="Renew: roof camera").click()
        await page.get_by_role("dialog").get_by_role("button", name="Renew").click()
        renewed = await shown_secret(page)
        assert renewed != channel.key
        await page.reload()
        await expect(page.get_by_role("heading", name="roof camera")).to_be_visible()
        await expect(page.locator("rillcast-secret-field")).to_have_count(0)


async def test_a_fan_follows_says_how_much_to_hear_and_unfollows(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "liked")
    async with page_of(browser, people, f"/{channel.name}", "fay") as page:
        await page.get_by_role("button", name="Follow", exact=True).click()
        await page.locator("rillcast-follow-button summary").click()
        await expect(page.get_by_role("radio", name=re.compile("^Live only"))).to_be_checked()
        async with page.expect_response(lambda answer: answer.request.method == "PUT"):
            await page.get_by_role("radio", name=re.compile("^Everything")).check()
        async with signed_in(people, "fay") as fay:
            status, follow = await fay.ask("GET", f"/channels/{channel.name}/follow")
            assert (status, follow["notifications"]) == (200, "all")
        await page.get_by_role("button", name="Unfollow").click()
        await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()


async def test_only_who_follows_watches_a_channel_for_followers_until_the_owner_blocks_them(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "members", visibility="followers")
    async with (
        on_air(people, channel.key, show),
        page_of(browser, people, f"/{channel.name}", "fay") as page,
        page_of(browser, people, f"/dashboard/{channel.name}/people", "olga") as owned,
    ):
        await expect(page.get_by_role("heading", name="For followers")).to_be_visible()
        await page.get_by_role("button", name="Follow", exact=True).click()
        await expect_state(page, "playing")
        await expect_moving_picture(page)
        await owned.reload()
        await owned.get_by_role("button", name="Block: fay").click()
        await owned.get_by_role("dialog").get_by_role("button", name="Block").click()
        ended = page.get_by_role("heading", name="Your leave to watch has ended")
        await expect(ended).to_be_visible(timeout=STATE_LIMIT_MS)
        await owned.get_by_role("button", name="Unblock: fay").click()
        await expect(owned.get_by_text("You have blocked nobody.")).to_be_visible()


async def test_a_shared_link_plays_here_and_on_another_site_until_it_is_taken_back(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "secret", visibility="private")
    async with (
        on_air(people, channel.key, show),
        page_of(browser, people, f"/dashboard/{channel.name}/links", "olga") as page,
    ):
        await page.get_by_label("Name of the new link").fill("for Vi")
        await page.get_by_role("button", name="Make the link").click()
        link = await shown_secret(page)
        code = await page.locator(".made code", has_text="<iframe").inner_text()
        async with (
            page_of(browser, people, link.removeprefix(people.http_url)) as watching,
            page_of(browser, people, f"/{channel.name}") as stranger,
            other_site(code) as address,
        ):
            await expect_state(watching, "playing")
            await expect_moving_picture(watching)
            nothing = stranger.get_by_role("heading", name="There is no such channel")
            await expect(nothing).to_be_visible()
            await stranger.goto(address)
            framed = stranger.frame_locator("iframe")
            player = framed.locator("rillcast-player")
            await expect(player).to_have_attribute("data-state", "playing", timeout=STATE_LIMIT_MS)
            await page.get_by_role("button", name="Take back: for Vi").click()
            await page.get_by_role("dialog").get_by_role("button", name="Take back").click()
            for place in (watching, framed):
                ended = place.get_by_role("heading", name="Your leave to watch has ended")
                await expect(ended).to_be_visible(timeout=STATE_LIMIT_MS)


async def test_home_and_search_find_a_show_and_what_it_says_of_itself_is_text(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    hostile = "<img src=x onerror=alert(1)> & friends"
    channel = await make_channel(
        people, "arcade", title=hostile, category="gaming", tags=["retro"], graceS=0
    )
    async with on_air(people, channel.key, show), page_of(browser, people, "/") as page:
        await expect(page.get_by_role("heading", name=hostile)).to_be_visible(
            timeout=STATE_LIMIT_MS
        )
        await page.get_by_role("link", name=re.compile("^Gaming")).click()
        await expect(page).to_have_url(f"{people.http_url}/search?category=gaming")
        await page.goto(f"{people.http_url}/search?q=friends")
        await page.get_by_role("link", name=re.compile("friends")).first.click()
        await expect(page).to_have_url(f"{people.http_url}/{channel.name}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(hostile)
        await expect(page.get_by_role("link", name="#retro")).to_be_visible()
        # What is on air is no past broadcast.
        await expect(page.get_by_text("has not been on air yet")).to_be_visible()
    async with page_of(browser, people, f"/dashboard/{channel.name}/broadcasts", "olga") as owned:
        await owned.get_by_text("Details").click()
        await expect(owned.get_by_text("360p30 · H.264")).to_be_visible()
        await owned.get_by_role("button", name=re.compile("^Delete: ")).click()
        await owned.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(owned.get_by_text("No broadcast yet")).to_be_visible()


async def test_the_player_plays_in_a_frame_of_another_site_and_no_other_page_does(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "framed")
    async with (
        on_air(people, channel.key, show),
        page_of(browser, people, f"/{channel.name}") as page,
    ):
        await page.get_by_role("button", name="Share").click()
        code = await page.locator("rillcast-share-dialog code", has_text="<iframe").inner_text()
        async with other_site(code) as address:
            await page.goto(address)
            player = page.frame_locator("iframe").locator("rillcast-player")
            await expect(player).to_have_attribute("data-state", "playing", timeout=STATE_LIMIT_MS)
        async with other_site(code.replace("/embed/", "/")) as address:
            await page.goto(address)
            await expect(page.frame_locator("iframe").locator("rillcast-app")).to_have_count(0)


async def test_an_administrator_closes_a_channel_and_opens_it_again(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "closing")
    async with (
        page_of(browser, people, "/admin/channels", "ada") as page,
        page_of(browser, people, f"/{channel.name}", "olga") as owned,
    ):
        await page.get_by_role("button", name=f"Close: {channel.name}").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Reason").fill("Not what this is for")
        await dialog.get_by_role("button", name="Close").click()
        await expect(page.get_by_text("Closed: Not what this is for")).to_be_visible()
        await expect(page.get_by_role("button", name=f"Open again: {channel.name}")).to_be_visible()
        await owned.reload()
        await expect(owned.get_by_role("heading", name="This channel is closed")).to_be_visible()
        await expect(owned.get_by_text("Not what this is for")).to_be_visible()
        await page.get_by_role("button", name=f"Open again: {channel.name}").click()
        await expect(page.get_by_text(f"{channel.name} is open again.")).to_be_visible()
