"""Which site the provider works on, and what it says when it cannot know."""

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from clusterwright.provider.wire import encode
from tests.provider.live import NODE_INPUTS, NODE_TYPE, URN, plain, serving

pytestmark = pytest.mark.asyncio
NOT_SET = (
    "clusterwright:site is not set, and it says which site this stack is; "
    "set it with: pulumi config set clusterwright:site SITE"
)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        pytest.param({}, NOT_SET, id="nothing"),
        pytest.param({"site": "nowhere"}, "site nowhere: there is no ", id="unknown"),
    ],
)
async def test_a_wrong_site_is_a_failure_of_the_configuration(config, reason):
    async with serving() as provider:
        answer = await provider.stub.CheckConfig(provider_pb2.CheckRequest(news=encode(config)))
    (failure,) = answer.failures
    assert failure.property == "site"
    assert failure.reason.startswith(reason)


async def test_a_site_that_is_there_has_no_failure():
    async with serving() as provider:
        config = encode({"site": "lab"})
        answer = await provider.stub.CheckConfig(provider_pb2.CheckRequest(news=config))
    assert (list(answer.failures), plain(answer.inputs)) == ([], {"site": "lab"})


async def test_configuring_without_a_site_fails_with_the_same_words():
    async with serving() as provider:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await provider.stub.Configure(provider_pb2.ConfigureRequest(args=encode({})))
    assert raised.value.details() == NOT_SET


async def test_another_site_folder_replaces_nothing():
    async with serving() as provider:
        request = provider_pb2.DiffRequest(olds=encode({"site": "a"}), news=encode({"site": "b"}))
        diff = await provider.stub.DiffConfig(request)
    assert (diff.changes, list(diff.replaces)) == (provider_pb2.DiffResponse.DIFF_SOME, [])


async def test_secrets_and_previews_are_supported_and_said_to_be():
    async with serving() as provider:
        hands = await provider.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
        answer = await provider.stub.Configure(
            provider_pb2.ConfigureRequest(args=encode({"site": "lab"}))
        )
    assert hands.accept_secrets
    assert (answer.acceptSecrets, answer.supportsPreview) == (True, True)


async def test_check_answers_with_failures_and_defaults():
    declared = NODE_INPUTS | {"powerState": "on"}
    del declared["allow"]
    async with serving() as provider:
        answer = await provider.check(declared)
    assert [failure.property for failure in answer.failures] == ["powerState"]
    assert plain(answer.inputs)["allow"] == []


async def test_the_type_is_taken_from_the_urn_of_a_component_s_child(devices):
    urn = URN.replace(NODE_TYPE, f"clusterwright:site:Rack${NODE_TYPE}")
    async with serving() as provider:
        request = provider_pb2.CheckRequest(urn=urn, news=encode(NODE_INPUTS))
        answer = await provider.stub.Check(request)
    assert list(answer.failures) == []
