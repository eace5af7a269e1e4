"""Notifications: what followers are told, kept until they have read it."""
