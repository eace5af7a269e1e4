"""Recommendations: what somebody may like of what is live, and why."""
