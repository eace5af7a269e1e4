"""What every test process does before it runs anything."""

from tests.support.normal_priority import keep_normal_priority

keep_normal_priority()
