"""One play on one rack in a Pulumi program."""

from collections.abc import Sequence

import pulumi

from clusterwright.provider.resources.pending import Pending


class PlaybookRun(pulumi.CustomResource):
    """One playbook on the hosts of one rack; `digest` covers all that the play follows from."""

    pending: Pending

    def __init__(  # noqa: PLR0913 - one argument per input
        self,
        name: str,
        *,
        playbook: str,
        rack: str,
        hosts: Sequence[str],
        digest: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "playbook": playbook,
            "rack": rack,
            "hosts": list(hosts),
            "digest": digest,
            "pending": None,
        }
        super().__init__("clusterwright:hosts:PlaybookRun", name, inputs, opts)
