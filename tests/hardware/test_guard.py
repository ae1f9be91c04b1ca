"""T01 to T03: who gets in, tried with raw requests and sockets."""

import contextlib
import http.client
import json
import socket
import subprocess
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.hardware.conftest import ORIGIN, Page, RunningBridge, post, until
from tests.hardware.documents import sale_receipt


@pytest.fixture
def lone_bridge(start_bridge) -> RunningBridge:
    """A bridge without devices."""
    return start_bridge()


def send(
    bridge: RunningBridge, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str]]:
    """A request with exactly these headers, Host included."""
    connection = http.client.HTTPConnection("127.0.0.1", bridge.port, timeout=5)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": bridge.address, "Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}


JSON = {"Content_Type": "application/json"}


def test_requests_are_judged_by_host_then_origin_then_type(lone_bridge: RunningBridge) -> None:
    port = lone_bridge.port
    cases = [
        (421, {"Host": f"evil.test:{port}", "Origin": ORIGIN, **JSON}),
        (421, {"Host": "127.0.0.1", "Origin": ORIGIN, **JSON}),
        (421, {"Host": f"127.0.0.1:{port + 1}", "Origin": ORIGIN, **JSON}),
        (421, {"Host": f"127.0.0.1.evil.test:{port}", "Origin": ORIGIN, **JSON}),
        (403, JSON),
        (403, {"Origin": "null", **JSON}),
        (403, {"Origin": "http://evil.test", **JSON}),
        (403, {"Origin": f"{ORIGIN}.evil.test", **JSON}),
        (403, {"Origin": f"{ORIGIN}/", **JSON}),
        (403, {"Origin": ORIGIN.replace("http", "https"), **JSON}),
        (415, {"Origin": ORIGIN}),
        (415, {"Origin": ORIGIN, "Content_Type": "text/plain"}),
        (415, {"Origin": ORIGIN, "Content_Type": "application/x-www-form-urlencoded"}),
        (200, {"Origin": ORIGIN, **JSON}),
        (200, {"Host": f"localhost:{port}", "Origin": ORIGIN, **JSON}),
    ]
    for path in ("/pairing/token", "/pairing", "/render"):
        for status, headers in cases:
            wanted = 401 if status == 200 and path == "/render" else status
            assert send(lone_bridge, "POST", path, b"{}", **headers)[0] == wanted, (path, headers)


def test_a_foreign_page_sees_no_answer_and_an_own_page_does(lone_bridge: RunningBridge) -> None:
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization,content-type"}
    status, headers = send(lone_bridge, "OPTIONS", "/render", Origin=ORIGIN, **asked)
    assert status == 204
    assert headers["access-control-allow-origin"] == ORIGIN
    assert headers["vary"] == "Origin"
    status, headers = send(lone_bridge, "OPTIONS", "/render", Origin="http://evil.test", **asked)
    assert status == 403
    assert "access-control-allow-origin" not in headers


def test_nothing_happens_on_get_and_health_says_nothing(lone_bridge: RunningBridge) -> None:
    assert send(lone_bridge, "GET", "/healthz")[0] == 200
    assert send(lone_bridge, "GET", "/healthz", Origin="http://evil.test")[0] == 403
    assert send(lone_bridge, "GET", "/pairing/token", Origin=ORIGIN)[0] == 405
    assert send(lone_bridge, "GET", "/nothing", Origin=ORIGIN)[0] == 404


def test_it_listens_on_loopback_only(lone_bridge: RunningBridge) -> None:
    listening = subprocess.run(
        ["ss", "-ltnH", f"sport = :{lone_bridge.port}"], capture_output=True, text=True, check=True
    )
    assert {line.split()[3] for line in listening.stdout.splitlines()} == {lone_bridge.address}


@pytest.mark.parametrize(("origin", "status"), [(None, 403), ("http://evil.test", 403), ("null", 403)])
def test_a_foreign_page_gets_no_socket(lone_bridge: RunningBridge, origin, status) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Page(lone_bridge.address, origin=origin)
    assert refused.value.response.status_code == status


def test_a_rebound_name_gets_no_socket(lone_bridge: RunningBridge) -> None:
    with socket.create_connection(("127.0.0.1", lone_bridge.port)) as plain:
        plain.sendall(
            f"GET /ws HTTP/1.1\r\nHost: evil.test:{lone_bridge.port}\r\nOrigin: {ORIGIN}\r\n".encode()
            + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
        )
        assert b" 421 " in plain.recv(200)


def closing(page: Page, *frames: str | bytes) -> int:
    """The code that the bridge closes with after these frames."""
    with contextlib.suppress(ConnectionClosed):
        for frame in frames:
            page.socket.send(frame)
        while True:
            page.socket.recv(8)
    code = page.socket.close_code
    assert code is not None
    return code


HELLO = '{"id": 1, "kind": "hello", "token": %s}'


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (['{"id": 1, "kind": "status"}'], 4401),
        ([HELLO % '"wrong"'], 4401),
        ([HELLO % "null"], 4401),
        ([HELLO % '["a"]'], 4401),
        (["no JSON"], 4400),
        (["[1]"], 4400),
        (['{"kind": "hello"}'], 4400),
        (['{"id": 1.5, "kind": "hello"}'], 4400),
        ([b"binary"], 4400),
        (["[" * 200_000], 4400),
        (["x" * (1024 * 1024 + 1)], 1009),
    ],
)
def test_the_first_frame_must_prove_who_it_is(lone_bridge: RunningBridge, frames, code) -> None:
    assert closing(Page(lone_bridge.address), *frames) == code


@pytest.mark.parametrize("frame", ["no JSON", "[]", '{"id": 1}', b"binary", '{"id": {}, "kind": "status"}'])
def test_a_paired_page_is_closed_at_its_first_bad_frame(lone_bridge: RunningBridge, frame) -> None:
    assert closing(lone_bridge.page(), frame) == 4400


def test_a_silent_socket_is_closed(lone_bridge: RunningBridge) -> None:
    started = time.monotonic()
    assert closing(Page(lone_bridge.address)) == 4401
    assert 4 < time.monotonic() - started < 8


def test_a_flood_is_closed_and_others_stay(lone_bridge: RunningBridge) -> None:
    calm, wild = lone_bridge.page(), lone_bridge.page()
    assert closing(wild, *['{"id": 1, "kind": "status"}'] * 600) == 4429
    assert calm.ask("status")["ok"]


def test_a_token_opens_nothing_for_another_origin(start_bridge) -> None:
    other = "http://localhost:8000"
    bridge = start_bridge(BRIDGE_ORIGINS=f"{ORIGIN},{other}")
    token = post(f"{bridge.url}/pairing/token", {})[1]["token"]
    assert closing(Page(bridge.address, origin=other), HELLO % json.dumps(token)) == 4401
    body = {"document": sale_receipt()}
    assert post(f"{bridge.url}/render", body, origin=other, Authorization=f"Bearer {token}")[0] == 401
    assert post(f"{bridge.url}/render", body, Authorization=f"Bearer {token}")[0] == 200


def test_requests_that_make_no_sense_are_answered_in_words(lone_bridge: RunningBridge) -> None:
    page = lone_bridge.page()
    wrong = [
        ("dance", {}, "unknown_kind"),
        ("print", {"job_id": "a", "document": {"blocks": 3}}, "bad_document"),
        ("print", {"job_id": "a", "document": sale_receipt()}, "printer_none"),
        ("print", {"job_id": "a", "document": sale_receipt(), "printer": 7}, "bad_request"),
        ("kick", {"job_id": "a", "reason": "fun"}, "bad_request"),
        ("kick", {"job_id": "a", "reason": "no_sale"}, "printer_none"),
        ("journal.append", {"sale_uid": "../../etc/passwd", "envelope": {}}, "bad_request"),
        ("journal.append", {"sale_uid": "x", "envelope": "y"}, "bad_request"),
        ("journal.ack", {"sale_uids": "x"}, "bad_request"),
        ("kick.list", {"after": -1}, "bad_request"),
        ("scale.read", {}, "scale"),
        ("display.show", {"lines": ["a"]}, "display"),
        ("display.show", {"lines": "a"}, "bad_request"),
    ]
    for kind, content, code in wrong:
        answer = page.ask(kind, **content)
        assert not answer["ok"]
        assert (kind, answer["error"]["code"]) == (kind, code)
        assert len(answer["error"]["message"]) > 10
    assert page.ask("status")["ok"]


def test_too_many_pages_are_refused_and_room_comes_back(lone_bridge: RunningBridge) -> None:
    pages = [lone_bridge.page() for _ in range(16)]
    with pytest.raises(InvalidStatus) as refused:
        Page(lone_bridge.address)
    assert refused.value.response.status_code == 503
    pages.pop().close()

    def room() -> bool:
        try:
            return lone_bridge.page().ask("status")["ok"]
        except InvalidStatus:
            return False

    assert until(room)
