"""People: their accounts, how they prove who they are, and what they tell about themselves."""
