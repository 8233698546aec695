"""What takes long is done beside the others."""

import subprocess
import sys

from wijkapp.kit.aside import aside

SERVED = """
from gevent import monkey
monkey.patch_all()
import gevent
from wijkapp.kit.aside import aside
seen = []
other = gevent.spawn(seen.append, "went on")
wait = monkey.get_original("time", "sleep")
gave = aside(lambda: (wait(0.1), 7)[1])
print(gave, *seen)
"""


def test_without_greenlets_it_is_simply_done():
    assert aside(lambda: 7) == 7


def test_where_greenlets_serve_everybody_they_go_on_meanwhile():
    said = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["7", "went", "on"]
