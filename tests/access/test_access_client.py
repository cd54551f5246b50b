"""The Redfish client tells every way in which a device can fail us apart."""

import asyncio
import socket

import pytest
from aiohttp import web

from clusterwright.access.redfish import Redfish
from clusterwright.access.redfish import client as client_module
from clusterwright.access.vault import Login
from clusterwright.errors import (
    DeviceRefused,
    DeviceRefusedLogin,
    DeviceUnreachable,
    DeviceUntrusted,
    UsageError,
)
from tests.access.redfish_service import LOGIN, SESSIONS, refusal, serving

pytestmark = pytest.mark.asyncio

THING = "/redfish/v1/Thing"


@pytest.fixture
def unused_address():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{reserved.getsockname()[1]}"


async def test_one_session_serves_all_requests_and_is_deleted(certificates):
    async with serving(certificates) as service:
        service.add(THING, Name="it")
        async with service.client() as client:
            assert (await client.get(THING))["Name"] == "it"
            await client.get(THING)
        assert service.count(f"POST {SESSIONS}") == 1
        assert service.count(f"DELETE {SESSIONS}/1") == 1
        assert service.tokens == set()


@pytest.mark.parametrize("status", [404, 405, 501, 503])
async def test_without_a_free_session_it_says_its_name_with_each_request(certificates, status):
    async def no_session(_):
        return refusal(status, "SessionLimitExceeded", "All sessions are taken.")

    async with serving(certificates) as service:
        service.add(THING, Name="it")
        service.answers[f"POST {SESSIONS}"] = no_session
        async with service.client() as client:
            assert (await client.get(THING))["Name"] == "it"
        assert not [asked for asked in service.asked if asked.startswith("DELETE")]


async def test_a_service_that_wants_a_login_even_for_its_root_gets_one(certificates):
    async with serving(certificates) as service:
        service.add(THING, Name="it").open_root = False
        del service.resources["/redfish/v1/"]["Links"]
        async with service.client() as client:
            assert (await client.get(THING))["Name"] == "it"
        wrong = Login(username="operator", password="wrong")
        async with service.client(login=wrong) as client:
            with pytest.raises(DeviceRefusedLogin):
                await client.get(THING)
        assert service.count(f"POST {SESSIONS}") == 0


async def test_a_cancelled_request_still_ends_its_session(certificates, monkeypatch):
    monkeypatch.setattr(client_module, "_GOODBYE_S", 60.0)
    arrived = asyncio.Event()

    async def never(_):
        arrived.set()
        await asyncio.sleep(60)

    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = never

        async def ask():
            async with service.client() as client:
                await client.get(THING)

        asking = asyncio.create_task(ask())
        await arrived.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert service.tokens == set()


async def test_a_session_that_the_device_forgot_is_replaced(certificates):
    async with serving(certificates) as service:
        service.add(THING, Name="it")
        async with service.client() as client:
            await client.get(THING)
            service.tokens.clear()
            assert (await client.get(THING))["Name"] == "it"
        assert service.count(f"POST {SESSIONS}") == 2


async def test_a_wrong_password_is_named_without_being_shown(certificates):
    login = Login(username="operator", password="wrong-password")
    async with (
        serving(certificates) as service,
        service.client(login=login, name="bmc/su1-n1") as client,
    ):
        with pytest.raises(DeviceRefusedLogin) as caught:
            await client.get(THING)
    assert str(caught.value) == (
        f"bmc/su1-n1 ({service.address}): user operator: the device does not accept this user name "
        "and password; correct them in the site's vault with ansible-vault edit, or set them on "
        "the device"
    )
    assert "wrong-password" not in repr(login)


async def test_a_certificate_of_another_site_is_not_trusted(certificates):
    async with serving(certificates) as service:
        async with service.client(ca_file=certificates / "foreign/ca.pem") as client:
            with pytest.raises(DeviceUntrusted, match=r"its certificate is not trusted .*ca.pem"):
                await client.get(THING)
        assert service.asked == []


async def test_a_certificate_for_another_address_is_not_trusted(certificates):
    async with serving(certificates, "elsewhere") as service, service.client() as client:
        with pytest.raises(DeviceUntrusted, match=r"not valid for '127.0.0.1'"):
            await client.get(THING)
    assert service.asked == []


async def test_a_missing_ca_is_the_operators_mistake(certificates, tmp_path):
    client = Redfish(address="127.0.0.1:1", login=LOGIN, ca_file=tmp_path / "ca.pem")
    with pytest.raises(UsageError, match="there is no such file"):
        await client.__aenter__()


async def test_a_ca_file_without_certificate_is_the_operators_mistake(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    client = Redfish(address="127.0.0.1:1", login=LOGIN, ca_file=tmp_path / "ca.pem")
    with pytest.raises(UsageError, match="cannot be used"):
        await client.__aenter__()


async def test_nobody_at_the_address_is_unreachable(certificates, unused_address):
    client = Redfish(address=unused_address, login=LOGIN, ca_file=certificates / "ca.pem")
    async with client:
        with pytest.raises(DeviceUnreachable) as caught:
            await client.get(THING)
    assert str(caught.value) == (
        f"{unused_address}: GET /redfish/v1/: cannot be reached "
        "(Connection refused); check its power, its management link and its address"
    )


async def test_a_device_that_never_answers_meets_the_deadline(certificates):
    async def never(_):
        await asyncio.sleep(60)

    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = never
        # Long enough for the login, on a slow machine as well.
        async with service.client(deadline_s=2.0) as client:
            with pytest.raises(DeviceUnreachable, match="no answer before the deadline"):
                await client.get(THING)
        assert service.count(f"GET {THING}") == 1


async def test_a_refusal_carries_what_the_device_says(certificates):
    async def no(_):
        return refusal(400, "PropertyValueNotInList", "The value 'Blue' is not in the list.")

    async with serving(certificates) as service:
        service.answers[f"PATCH {THING}"] = no
        async with service.client() as client:
            with pytest.raises(DeviceRefused) as caught:
                await client.patch(THING, {"Colour": "Blue"})
    assert str(caught.value) == (
        f"{service.address}: PATCH {THING}: refused with status 400: "
        "The value 'Blue' is not in the list."
    )


@pytest.mark.parametrize("key", ["@Message.ExtendedInfo", "Colour@Message.ExtendedInfo"])
async def test_a_success_that_left_something_out_is_a_refusal(certificates, key):
    async def partly(_):
        message = {"MessageId": "Base.1.18.PropertyNotWritable", "Message": "Colour is read-only."}
        return web.json_response({key: [message]})

    async with serving(certificates) as service:
        service.answers[f"PATCH {THING}"] = partly
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match=r"not written whole: Colour is read-only\."):
                await client.patch(THING, {"Colour": "Blue"})


async def test_a_success_that_only_says_so_is_one(certificates):
    async def done(_):
        message = {"MessageId": "Base.1.18.Success", "Message": "Done."}
        return web.json_response({"@Message.ExtendedInfo": [message]})

    async with serving(certificates) as service:
        service.answers[f"PATCH {THING}"] = done
        async with service.client() as client:
            await client.patch(THING, {"Colour": "Blue"})


async def test_a_device_that_speaks_something_else_is_named(certificates):
    async def page(_):
        return web.Response(text="<html>It works!</html>")

    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = page
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match=r"not JSON .*It works"):
                await client.get(THING)


async def test_a_redirect_is_not_followed(certificates):
    async def elsewhere(_):
        return web.Response(status=302, headers={"Location": "https://127.0.0.2/"})

    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = elsewhere
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match="status 302"):
                await client.get(THING)


async def test_a_path_without_slash_is_not_asked_for(certificates):
    async with serving(certificates) as service, service.client() as client:
        with pytest.raises(DeviceRefused, match="a path starts with /"):
            await client.get("https://127.0.0.2/redfish")


class Flaky:
    """Busy twice, then as usual."""

    def __init__(self, service):
        self.service = service
        self.left = 2

    async def __call__(self, _):
        self.left -= 1
        if self.left >= 0:
            return refusal(503, "ServiceTemporarilyUnavailable", "Try again.")
        return web.json_response({"Name": "it"})


async def test_reading_is_tried_again(certificates):
    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = Flaky(service)
        async with service.client() as client:
            assert (await client.get(THING))["Name"] == "it"


@pytest.mark.parametrize("method", ["patch", "post"])
async def test_writing_is_never_tried_again(certificates, method):
    async with serving(certificates) as service:
        service.answers[f"{method.upper()} {THING}"] = Flaky(service)
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match=r"status 503: Try again\."):
                await getattr(client, method)(THING, {})
        assert service.count(f"{method.upper()} {THING}") == 1


async def test_a_write_on_which_the_line_breaks_is_not_repeated(certificates):
    async def hang_up(request):
        request.transport.close()
        return web.Response(status=204)

    async with serving(certificates) as service:
        service.add(THING, Name="it")
        service.answers[f"PATCH {THING}"] = hang_up
        async with service.client() as client:
            # The line is open already: a client is tempted to take a fresh one and ask again.
            await client.get(THING)
            with pytest.raises(DeviceUnreachable, match="cannot be reached"):
                await client.patch(THING, {"Name": "new"})
        assert service.count(f"PATCH {THING}") == 1


class Tagged:
    """A resource that is written only under its present ETag, which a stranger has changed."""

    def __init__(self, service, status):
        self.service = service
        self.status = status
        self.written = []

    async def read(self, _):
        return web.json_response({"Name": "it"}, headers={"ETag": '"7"'})

    async def write(self, request):
        given = request.headers.get("If-Match")
        if given != '"7"':
            return refusal(self.status, "PreconditionFailed", "The ETag did not match.")
        self.written.append(await request.json())
        return web.Response(status=204)


@pytest.mark.parametrize("status", [428, 412])
async def test_an_etag_is_sent_where_the_service_asks_for_it(certificates, status):
    async with serving(certificates) as service:
        tagged = Tagged(service, status)
        service.answers |= {f"GET {THING}": tagged.read, f"PATCH {THING}": tagged.write}
        async with service.client() as client:
            await client.patch(THING, {"Name": "new"})
        assert tagged.written == [{"Name": "new"}]


async def test_a_given_etag_that_is_out_of_date_refuses_the_write(certificates):
    async with serving(certificates) as service:
        tagged = Tagged(service, 412)
        service.answers |= {f"GET {THING}": tagged.read, f"PATCH {THING}": tagged.write}
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match="The ETag did not match"):
                await client.patch(THING, {"Name": "new"}, etag='"6"')
        assert tagged.written == []


async def test_a_device_never_sees_more_than_four_requests_at_once(certificates):
    async def slow(_):
        await asyncio.sleep(0.05)
        return web.json_response({})

    async with serving(certificates) as service:
        service.answers[f"GET {THING}"] = slow
        async with service.client() as client:
            await asyncio.gather(*(client.get(THING) for _ in range(12)))
        assert service.most_at_once == 4


async def test_writes_arrive_one_by_one_in_their_order(certificates):
    under_way = []

    async def slow(request):
        under_way.append("begin")
        await asyncio.sleep(0.01)
        under_way.append("end")
        return web.Response(status=204)

    async with serving(certificates) as service:
        service.answers[f"PATCH {THING}"] = slow
        async with service.client() as client:
            await asyncio.gather(*(client.patch(THING, {"Number": n}) for n in range(5)))
        assert [body["Number"] for body in service.sent(f"PATCH {THING}")] == [0, 1, 2, 3, 4]
    assert under_way == ["begin", "end"] * 5


class Job:
    """An action that goes on in the background for three looks at its monitor."""

    monitor = "/redfish/v1/TaskService/TaskMonitors/1"

    def __init__(self, ends_as, **body):
        self.looks = 0
        self.task = {"@odata.type": "#Task.v1_7_4.Task", "TaskState": ends_as, **body}

    async def start(self, _):
        # Some services write an absolute address, and name themselves wrongly in it.
        where = f"https://bmc.example{self.monitor}"
        return web.json_response({}, status=202, headers={"Location": where, "Retry-After": "0"})

    async def look(self, _):
        self.looks += 1
        if self.looks < 3:
            return web.json_response({}, status=202, headers={"Retry-After": "0"})
        return web.json_response(self.task)


async def test_a_task_is_waited_for(certificates):
    job = Job("Completed")
    async with serving(certificates) as service:
        service.answers |= {f"POST {THING}": job.start, f"GET {Job.monitor}": job.look}
        async with service.client() as client:
            await client.post(THING, {})
    assert job.looks == 3


@pytest.mark.parametrize("state", ["Exception", "Killed", "Cancelled"])
async def test_a_task_that_fails_says_why(certificates, state):
    job = Job(state, Messages=[{"MessageId": "Base.1.GeneralError", "Message": "No power."}])
    async with serving(certificates) as service:
        service.answers |= {f"POST {THING}": job.start, f"GET {Job.monitor}": job.look}
        async with service.client() as client:
            with pytest.raises(DeviceRefused, match=rf"ended as {state}: No power\."):
                await client.post(THING, {})
