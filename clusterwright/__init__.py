"""Clusterwright: one definition of an AI factory, from the rack to the scheduler."""
