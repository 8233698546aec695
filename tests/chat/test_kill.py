"""`kill -9` while people talk: nobody misses a word, none is doubled. `make kill` does it oftener."""

from pathlib import Path

import pytest

from tests import kill_chat
from wijkapp.kit import db as kit_db


@pytest.mark.timeout(240)
def test_a_killed_server_loses_and_doubles_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit_db, "_database", None)

    result = kill_chat.run(2, tmp_path, wijken=2, each=5, rate=20)

    kit_db.engine().dispose()
    assert kill_chat.faults(result) == {}
    assert result["sent"] > 100
    assert result["reconnects"] >= 2 * 10, "each kill cut every line"
