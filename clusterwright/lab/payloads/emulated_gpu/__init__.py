"""GPUs that exist only as state, and the programs that show and change it.

Runs with a host's own Python, outside our virtual environment: standard library only, and only
relative imports, because on a host this package lies in /usr/lib/emulated-gpu.
"""
