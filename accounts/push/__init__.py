"""Web Push: alerts to browsers that agreed, also while no page of ours is open."""
