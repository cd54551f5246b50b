"""The schema of the catalogue, by noun."""
