"""The console script pulumi-resource-clusterwright."""

import asyncio
import os
import sys

from clusterwright.provider.own_stderr import own_stderr


def main() -> None:
    """Serve the engine whose address is the first argument."""
    # ansible-runner forks. With gRPC's own fork handlers one child in eight dies before its program
    # starts; without them none does. gRPC reads both when it is imported, so that comes after.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    # Its log of an engine that ends in the middle is nobody's news: the engine shows it as ours.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from clusterwright.provider.serving import serve  # noqa: PLC0415

    engine = sys.argv[1] if len(sys.argv) > 1 else ""
    with own_stderr():
        asyncio.run(serve(engine))
