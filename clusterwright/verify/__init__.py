"""Compare the live site with its plan."""
