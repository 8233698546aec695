"""A signature takes a passkey that signs the text itself, or a fresh code; nothing older or of another."""

import json
import re
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.agreements.making import COOPERATION, Three, admins_of, three, written
from tests.web import Visitor
from wijkapp.agreements import verifying
from wijkapp.agreements.models import Factor
from wijkapp.agreements.service import documents, offering, signing
from wijkapp.agreements.verifying import NotGenuine, verify
from wijkapp.kit import time
from wijkapp.kit.crypto import to_text
from wijkapp.people import factors
from wijkapp.people.models import Account, Passkey

SITE, ORIGIN = "localhost", "http://localhost"


class SoftKey:
    """A passkey as a phone has one: it signs what it is asked, for this site alone."""

    def __init__(self, owner: Account) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(owner.email.encode()).digest()
        self.row = Passkey(
            user_id=owner.id,
            credential_id=self.id,
            public_key=self._cose(),
            sign_count=0,
            transports=[],
            backup_state=False,
            device_type="single_device",
            lastuse_datetime=time.now(),
            name="telefoon",
            usage="first",
        )

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y

    def answers(self, challenge: str) -> str:
        client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": ORIGIN}).encode()
        seen = sha256(SITE.encode()).digest() + b"\x05\x00\x00\x00\x00"  # there, and proven; counts nothing
        signature = self.key.sign(seen + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": seen, "signature": signature}
        return json.dumps(
            {
                "id": to_text(self.id),
                "rawId": to_text(self.id),
                "type": "public-key",
                "response": {name: to_text(raw) for name, raw in response.items()},
                "clientExtensionResults": {},
            }
        )


@pytest.fixture
def offered(make, town) -> Three:
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    return made


def _sign(visitor: Visitor, made: Three, **by: str) -> int:
    path = f"/afspraken/{made.agreement_id}/documenten/cooperation/tekenen"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', visitor.get(path).text)
    assert seen
    return visitor.post(path, {"seen": seen[1]} | by).status_code


def _asked(visitor: Visitor, made: Three) -> str:
    path = f"/afspraken/{made.agreement_id}/documenten/cooperation/tekenen/vraag"
    return visitor.post(path).json["challenge"]


def test_a_passkey_signs_the_text_itself_and_anybody_can_check_that_later(offered, visitor, db):
    anna = offered.admins[0]
    key = SoftKey(anna)
    db.add(key.row)
    db.flush()
    hers = visitor(anna)
    assert _sign(hers, offered, credential=key.answers(_asked(hers, offered))) == 302

    signed = documents.version_page(anna, offered.agreement_id, COOPERATION, 1).signatures[0]
    assert signed.factor is Factor.PASSKEY
    challenge = verifying.challenge_of(signed.statement)
    assert verifying.passkey_signed(signed.proof, challenge)
    assert not verifying.passkey_signed(signed.proof, challenge[::-1])
    raw = signing.export(anna, offered.agreement_id, COOPERATION, 1)
    assert verify(raw).signed[0].by == "passkey"

    made_up = json.loads(raw)["signed"]
    entry = made_up["signatures"][0]
    entry["statement"]["name"] = "Iemand anders"
    del entry["seal"]
    entry["seal"] = verifying.seal_of(entry, signing.signer())
    with pytest.raises(NotGenuine, match="passkey"):  # not even who holds our key can sign for her
        verify(verifying.file_of(made_up, signing.signer()))


def test_a_passkey_that_answered_another_question_or_is_of_another_does_not_sign(offered, visitor, db):
    anna, bram = offered.admins[:2]
    hers, his = SoftKey(anna), SoftKey(bram)
    db.add_all([hers.row, his.row])
    db.flush()
    page = visitor(anna)
    _asked(page, offered)
    assert _sign(page, offered, credential=hers.answers(to_text(b"x" * 32))) == 422
    assert _sign(page, offered, credential=his.answers(_asked(page, offered))) == 422
    old = hers.answers(_asked(page, offered))
    _asked(page, offered)  # asked anew: what was answered before is no answer to this
    assert _sign(page, offered, credential=old) == 422
    assert _sign(page, offered) == 422  # nothing at all
    assert documents.version_page(anna, offered.agreement_id, COOPERATION, 1).signatures == []


def test_each_signature_takes_a_code_that_was_not_used_before(offered, visitor, db):
    anna = offered.admins[0]
    page = visitor(anna)
    with page.app.app_context():
        secret = factors.totp().generate_totp_secret()
    anna.tf_totp_secret = secret
    db.flush()
    assert _sign(page, offered, code="000000") == 422
    assert _sign(page, offered) == 422
    with page.app.app_context():
        code = factors.totp().generate_totp_password(secret)
    assert _sign(page, offered, code=code) == 302
    offering.take_back(offered.coordinator, offered.agreement_id, COOPERATION)
    offering.answer(offered.coordinator, offered.agreement_id, COOPERATION, "extra", "Nog iets.")
    offering.offer(offered.coordinator, offered.agreement_id, COOPERATION)
    assert _sign(page, offered, code=code) == 422
