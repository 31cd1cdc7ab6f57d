"""What the kernel holds of a connection whose other end does not read, and how long that plays."""

import os
import socket
import sys

from streaming.output import send_queue as unsent
from streaming.output.send_queue import SendHistory, unsent_bytes

MUCH = 1 << 20


def test_what_the_other_end_does_not_take_is_counted() -> None:
    unsent._send_queues.cache_clear()
    before = unsent_bytes(os.getpid())
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sending:
        receiving, _ = server.accept()
        with receiving:
            sending.setblocking(False)
            history = 0
            while history < 64 * MUCH:
                try:
                    history += sending.send(bytes(MUCH))
                except BlockingIOError:
                    break
            unsent._send_queues.cache_clear()  # else what was read this second
            stuck = unsent_bytes(os.getpid())
    if sys.platform == "linux":
        assert before == 0
        assert stuck is not None
        assert MUCH // 8 < stuck <= history
    else:
        assert before is stuck is None


def test_a_process_that_is_gone_tells_nothing() -> None:
    assert unsent_bytes(2**22 + 1) is None


def test_the_last_bytes_are_told_in_time() -> None:
    history = SendHistory()
    assert history.last_ms(5000) == 0
    for second in range(11):
        history.add(second * 1000, second * 500.0)
    assert history.last_ms(0) == 0
    assert history.last_ms(2000) == 1000
    assert history.last_ms(2500) == 1500, "rather too much than too little"
    assert history.last_ms(100_000) == 5000
