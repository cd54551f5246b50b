"""The live site: one module per device kind, each with its state, read, differences and apply."""
