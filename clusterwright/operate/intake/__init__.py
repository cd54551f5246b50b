"""What a delivery's manifest says, matched to the plan: the record learns it, secrets are kept."""
