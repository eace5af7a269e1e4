"""Scopes: how far a personal API token reaches. Pure.

None of them reaches what could take an account over (password, address, second factor, tokens,
log-ins, deletion) or make an administrator (roles, invitations, others' second factors): for that
somebody has to sign in.
"""

from typing import Final

SCOPES: Final = {
    "profile:read": "See the profile and the e-mail address",
    "profile:write": "Change the profile",
    "channels:read": "See own channels, their keys' names and past broadcasts",
    "channels:write": "Make and change channels, stream keys and playback links",
    "follows:read": "See who is followed and blocked",
    "follows:write": "Follow, unfollow and block",
    "notifications:read": "See notifications, and hear of new ones as they come",
    "notifications:write": "Mark notifications as read and change what they tell of",
    "chat:write": "Write in chats, and take own messages back",
    "chat:moderate": "Moderate chats: delete, silence, ban, filter, change rules and emotes",
    "admin": "What an administrator may do, but no roles or invitations; of no use to others",
}


def unknown_scopes(scopes: frozenset[str]) -> frozenset[str]:
    """Return those that do not exist."""
    return scopes - SCOPES.keys()
