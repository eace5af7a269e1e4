"""Mail alerts: notifications by mail for those who chose it, several in one mail."""
