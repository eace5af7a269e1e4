"""Alerts: notifications that find people who are not here, in their browser or by mail."""
