"""Warnings of what is published: for those who run the channel, and never a flood of them."""

from accounts.storage import Database
from tests.accounts.channels.world import OWNER
from tests.notify.listening import stage


async def test_a_flood_of_warnings_of_one_channel_is_not_passed_on(database: Database) -> None:
    async with stage(database) as on, on.ear(as_="OWNER") as owner:
        await owner.ask("subscribe", topics=["channel:studio", "channel:garden"])
        studio = (await on.world.channels.see("studio", OWNER)).channel.id
        garden = (await on.world.channels.see("garden", OWNER)).channel.id
        for number in range(300):
            on.side.warn_publisher(studio, "studio", "broken-payload", f"video-{number}: broken")
        on.side.warn_publisher(garden, "garden", "timestamps-jumped", "video: jumped")
        heard = [await owner.hear()]
        while heard[-1]["channel"] == "studio":
            heard.append(await owner.hear())
        assert {each["type"] for each in heard} == {"publisher.warned"}
        assert [each["text"] for each in heard] == [
            *[f"video-{number}: broken" for number in range(10)],
            "video: jumped",  # another channel's are its own
        ]
        assert heard[-1]["code"] == "timestamps-jumped"


async def test_warnings_are_for_those_who_run_the_channel(database: Database) -> None:
    async with (
        stage(database) as on,
        on.ear(as_="FAN") as fan,
        on.ear(as_="OWNER") as owner,
    ):
        for ear in (fan, owner):
            await ear.ask("subscribe", topics=["channel:studio"])
        studio = (await on.world.channels.see("studio", OWNER)).channel.id
        on.side.warn_publisher(studio, "studio", "broken-payload", "video: broken")
        await on.titled("After it")
        assert (await owner.hear())["type"] == "publisher.warned"
        assert (await fan.hear())["type"] == "channel.changed"
