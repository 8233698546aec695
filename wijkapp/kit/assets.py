"""Static files: an address that changes with the content, compressed once, kept by browsers for a year."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

YEAR = 365 * 24 * 3600  # seconds


def serve(app: Flask, source: Path, keep_in: Path) -> None:
    """Serve `source` at /static/<build>/ and give templates `asset(name)`.

    keep_in  folder for the compressed copies, one per build
    """
    build = _fingerprint(source)
    folder = keep_in / build
    if not folder.exists():
        _pack(source, folder)
    prefix = f"/static/{build}/"
    app.wsgi_app = WhiteNoise(app.wsgi_app, folder, prefix=prefix, max_age=YEAR, allow_all_origins=False)  # type: ignore[method-assign]
    app.config["ASSETS"] = prefix
    app.jinja_env.globals["asset"] = lambda name: prefix + name


def _fingerprint(source: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(source)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _pack(source: Path, folder: Path) -> None:
    """Copy and compress beside each other, then move into place: a second process never sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    shutil.copytree(source, draft, dirs_exist_ok=True)
    compressor = Compressor(quiet=True)
    for path in [p for p in draft.rglob("*") if p.is_file() and compressor.should_compress(p.name)]:
        list(compressor.compress(str(path)))
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(draft)
