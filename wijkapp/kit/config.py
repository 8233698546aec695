"""Settings: `WIJKAPP_*` from the environment, defaults that work, secrets made on first start."""

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from wijkapp.kit import crypto

PREFIX = "WIJKAPP_"


class BadSettings(Exception):
    """The app does not start with these settings; each line says which one and why."""


@dataclass(frozen=True)
class Tiles:
    """Pictures of the map at somebody else's server, which then sees who looks where."""

    address: str
    credit: str

    @property
    def origin(self) -> str:
        return "https://" + urlsplit(self.address).netloc


PDOK = Tiles(
    "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png",
    "Kadaster, PDOK (CC BY 4.0)",
)


class Settings(BaseSettings):
    """Everything whoever hosts wijkapp may set. docs/hosting.md explains each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", ignored_types=(cached_property,)
    )

    instance: Path = Field(Path("instance"), description="folder for the database, the secrets and uploads")
    database_url: str = Field(
        "", description="empty: SQLite in the instance folder; else postgresql+psycopg://…"
    )
    keys_url: str = Field(
        "",
        description="the key store of the client vault; empty: keys.sqlite in the instance folder; "
        "else sqlite:///… or postgresql+psycopg://…, never the database itself",
    )
    vault_key_file: str = Field(
        "", description="file with the key that wraps the key store; empty: secrets/vault.key"
    )
    vault_key_command: str = Field(
        "", description="command that prints the key that wraps the key store, in place of a file"
    )
    redis_url: str = Field("", description="empty: one process; else redis://… shared by several")
    base_url: str = Field(
        "", description="address people use, as in https://wijk.example; empty: http://host:port"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    proxies: int = Field(0, ge=0, le=5, description="how many trusted proxies stand in front")
    demo: bool = Field(False, description="made-up region with log-in links; for trying out only")
    demo_public: bool = Field(False, description="let the demo listen on an address others can reach")
    idle_minutes: int = Field(12 * 60, ge=5, description="log out a device that did nothing for so long")
    smtp_host: str = Field("", description="mail server; empty: mail is kept in the app's own post box")
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server")
    smtp_user: str = Field("", description="user name at the mail server")
    smtp_password: str = Field("", description="password at the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the mail line is secured"
    )
    mail_from: str = Field("wijkapp@localhost", description="sender of mail, and contact for push services")
    push_private: bool = Field(False, description="allow push services on this machine's own network (tests)")
    smallest_shown: int = Field(
        10, ge=5, le=100, description="smaller numbers of requests are not shown to who looks on from outside"
    )
    map_tiles: str = Field(
        "",
        description="background of the map: pdok, or https://…/{z}/{x}/{y}.png; empty: our own",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least serious log line"
    )
    log_format: Literal["text", "json"] = Field("text", description="log lines for people or for machines")

    @field_validator("base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url", "keys_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("keys_url")
    @classmethod
    def _apart(cls, value: str, info: ValidationInfo) -> str:
        if value and value == info.data.get("database_url"):
            raise ValueError("must be another database than WIJKAPP_DATABASE_URL")
        return value

    @field_validator("map_tiles")
    @classmethod
    def _an_address_of_tiles(cls, value: str) -> str:
        whole = re.match(r"https://[\w.-]+(:\d+)?/", value) and all(
            part in value for part in ("{z}", "{x}", "{y}")
        )
        if value not in ("", "pdok") and not whole:
            raise ValueError("must be pdok, or begin with https:// and hold {z}, {x} and {y}")
        return value

    @property
    def tiles(self) -> "Tiles | None":
        """Where the map gets its background; None: from nowhere, it draws its own."""
        if not self.map_tiles:
            return None
        return PDOK if self.map_tiles == "pdok" else Tiles(self.map_tiles, urlsplit(self.map_tiles).netloc)

    @property
    def database(self) -> str:
        """Where the data is: the setting, or SQLite in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance / 'wijkapp.sqlite'}"

    @property
    def keys(self) -> str:
        """Where the keys of the client vault are: never in the database, and backed up apart from it."""
        return self.keys_url or f"sqlite:///{self.instance / 'keys.sqlite'}"

    def vault_keys(self) -> list[crypto.MasterKey]:
        """The keys that wrap the key store: the first wraps, each of them opens. Read afresh each time.

        Raises BadSettings when there is none. May run a command: never inside a transaction.
        """
        if self.vault_key_command:
            return keys_in(_printed_by(self.vault_key_command), "WIJKAPP_VAULT_KEY_COMMAND")
        if self.vault_key_file:
            return keys_in(_read(self.vault_key_file), "WIJKAPP_VAULT_KEY_FILE")
        return keys_in(self.secrets.vault_file.read_text(), "secrets/vault.key")

    @property
    def address(self) -> str:
        """How people reach the app."""
        return self.base_url or f"http://{self.host}:{self.port}"

    def make_instance(self) -> None:
        """The folder for the database and the secrets; only the app's own user may look inside."""
        self.instance.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def https(self) -> bool:
        return self.address.startswith("https://")

    @cached_property
    def secrets(self) -> "Secrets":
        """The installation's secrets; made, once, when they are not there yet."""
        return Secrets(self.instance)


def load(**given: object) -> Settings:
    """The settings of this process.

    Raises BadSettings for an unknown `WIJKAPP_*` name or a value that cannot be, with a line per setting.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    lines = [f"{name}: no such setting" for name in unknown]
    settings = None
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        lines += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in wrong.errors()]
    if lines or settings is None:
        raise BadSettings("\n".join(lines))
    return settings


@dataclass(frozen=True)
class Secrets:
    """Files in `instance/secrets`, readable by the app's own user only (mode 600)."""

    instance: Path

    @cached_property
    def master(self) -> crypto.MasterKey:
        """The key that those of cookies, codes and letters derive from; back it up apart from the database.

        Not what wraps the key store of the vault (`vault_file`): that one can be renewed at any time.
        """
        return crypto.MasterKey(self._kept("master.key", crypto.new_key))

    @property
    def vault_file(self) -> Path:
        """The file with the keys that wrap the key store, a line each; the first one wraps."""
        self._kept("vault.key", lambda: key_line(crypto.new_key()).encode())
        return self.instance / "secrets" / "vault.key"

    def write_vault_keys(self, keys: list[crypto.MasterKey]) -> None:
        """Put these in place of those in `vault_file`, at once and whole."""
        path = self.vault_file
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
        with os.fdopen(handle, "w") as file:
            file.writelines(key_line(one.secret) for one in keys)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)

    @cached_property
    def vapid(self) -> ec.EllipticCurvePrivateKey:
        """The key this installation signs its push messages with (RFC 8292)."""
        pem = self._kept("vapid.pem", _new_vapid_key)
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise BadSettings("secrets/vapid.pem: not an elliptic-curve key")
        return key

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        folder = self.instance / "secrets"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / name
        if not path.exists():
            _write_once(path, make())
        return path.read_bytes()


def key_line(key: bytes) -> str:
    """A key as it stands in a file."""
    return crypto.to_text(key) + "\n"


def keys_in(text: str, where: str) -> list[crypto.MasterKey]:
    """The keys in a text, one a line. Raises BadSettings, which never shows what was read."""
    try:
        found = [crypto.MasterKey(crypto.from_text(line.strip())) for line in text.split()]
    except ValueError:
        found = []
    if not found or any(len(one.secret) != crypto.KEY for one in found):
        raise BadSettings(f"{where}: expected a key of 32 bytes in base64 on each line")
    return found


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError as wrong:
        raise BadSettings(f"WIJKAPP_VAULT_KEY_FILE: {wrong.strerror}: {path}") from None


def _printed_by(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - whoever hosts the app says which command
            shlex.split(command), capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        raise BadSettings("WIJKAPP_VAULT_KEY_COMMAND: the command failed or took longer than 30 s") from None
    return done.stdout


def _write_once(path: Path, secret: bytes) -> None:
    """Two processes that start together must end up with one secret: the first file in place wins."""
    # A name of its own, not the process number: two containers on one volume both have number 1.
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


def _new_vapid_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
