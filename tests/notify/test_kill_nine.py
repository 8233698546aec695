"""`kill -9` between the commit and the delivery: nobody misses anything. `make kill` does it fifty times."""

from pathlib import Path

import pytest

from tests import kill_nine
from wijkapp.kit import db as kit_db


@pytest.mark.timeout(240)
def test_a_killed_server_forgets_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_db, "_database", None)

    result = kill_nine.run(5, tmp_path)

    kit_db.engine().dispose()
    assert result.lost == []
    assert result.accepted >= 5
    assert result.waiting, "the kills came between storing and telling"
