"""Who may know, watch and follow: every standing against every visibility."""

import itertools

import pytest

from accounts.channels.visibility import (
    STRANGER,
    Standing,
    Visibility,
    may_follow,
    may_know,
    may_watch,
)

FOLLOWER = Standing(is_follower=True)
MODERATOR = Standing(is_moderator=True)
OWNER = Standing(is_owner=True)
ADMIN = Standing(is_admin=True)
KNOW = {
    Visibility.PUBLIC: (True, True, True, True, True),
    Visibility.UNLISTED: (True, True, True, True, True),
    Visibility.FOLLOWERS: (True, True, True, True, True),
    Visibility.PRIVATE: (False, False, True, True, True),
}
WATCH = {
    Visibility.PUBLIC: (True, True, True, True, True),
    Visibility.UNLISTED: (True, True, True, True, True),
    Visibility.FOLLOWERS: (False, True, True, True, True),
    Visibility.PRIVATE: (False, False, True, True, True),
}
STANDINGS = (STRANGER, FOLLOWER, MODERATOR, OWNER, ADMIN)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_each_standing_knows_and_watches_what_it_may(visibility: Visibility) -> None:
    for standing, knows, watches in zip(
        STANDINGS, KNOW[visibility], WATCH[visibility], strict=True
    ):
        assert may_know(visibility, standing, is_closed=False) is knows
        assert may_watch(visibility, standing, is_closed=False) is watches
        assert not may_watch(visibility, standing, is_closed=True)
        assert may_know(visibility, standing, is_closed=True) is standing.runs_it


def test_who_is_shut_out_watches_and_follows_nothing_whatever_else_they_are() -> None:
    facts = ["is_owner", "is_moderator", "is_admin", "is_follower", "is_blocked", "is_banned"]
    for values in itertools.product([False, True], repeat=len(facts)):
        standing = Standing(**dict(zip(facts, values, strict=True)))
        if not standing.is_shut_out:
            continue
        assert not standing.runs_it
        for visibility in Visibility:
            assert not may_watch(visibility, standing, is_closed=False)
            assert not may_follow(visibility, standing, is_closed=False)


def test_owners_follow_no_channel_of_their_own() -> None:
    assert not may_follow(Visibility.PUBLIC, OWNER, is_closed=False)
    assert may_follow(Visibility.PUBLIC, STRANGER, is_closed=False)
    assert not may_follow(Visibility.PRIVATE, STRANGER, is_closed=False)
    assert not may_follow(Visibility.PUBLIC, STRANGER, is_closed=True)


def test_visibilities_say_what_needs_a_token_and_what_is_listed() -> None:
    assert [each.value for each in Visibility if each.needs_token] == ["followers", "private"]
    assert [each.value for each in Visibility if each.is_listed] == ["public", "followers"]
