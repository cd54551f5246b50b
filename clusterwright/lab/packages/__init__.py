"""The lab's package repository: real package names and versions, emulated contents."""

from clusterwright.lab.packages.repository import build_repository

__all__ = ["build_repository"]
