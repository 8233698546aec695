"""Ctrl+C ends the server, also when it comes while something else than the server is at work."""

import signal
import sys
from subprocess import PIPE

from tests import servers

BUSY_SERVER = """
from gevent import monkey

monkey.patch_all()
import sys
import threading
import time

from flask import Flask

from wijkapp.kit import socket as live


def work():
    while True:
        sum(range(100_000))
        time.sleep(0)


threading.Thread(target=work, daemon=True).start()
threading.Timer(0.5, print, ["at work"], {"flush": True}).start()
live.serve(Flask("busy"), "127.0.0.1", int(sys.argv[1]))
print("stopped")
"""


def test_it_stops_in_the_middle_of_a_job_of_the_clock():
    command = [sys.executable, "-c", BUSY_SERVER, str(servers.free_port())]
    with servers.serving(command, stdout=PIPE, stderr=PIPE, text=True) as server:
        assert server.stdout.readline() == "at work\n"
        server.send_signal(signal.SIGINT)
        said, wrong = server.communicate(timeout=20)

    assert (said, wrong, server.returncode) == ("stopped\n", "", 0)
