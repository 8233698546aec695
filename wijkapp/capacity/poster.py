"""The poster of a wijk: an A5 for a waiting room or a lift, with a picture to scan."""

from functools import lru_cache

import qrcode

from wijkapp.capacity.service.public import PublicWijk
from wijkapp.kit import documents
from wijkapp.kit.phones import phone_as_written

MOST_ORGANISATIONS = 8


def poster(wijk: PublicWijk, address: str) -> bytes:
    """The PDF. address: of the public page, with https://."""
    return _drawn(
        wijk.name,
        wijk.municipality,
        phone_as_written(wijk.phone),
        tuple((one.name, phone_as_written(one.phone)) for one in wijk.providers),
        wijk.unnamed,
        address,
    )


@lru_cache(maxsize=100)
def _drawn(
    name: str,
    municipality: str,
    phone: str,
    providers: tuple[tuple[str, str], ...],
    unnamed: int,
    address: str,
) -> bytes:
    return documents.pdf(
        "public/poster.typ",
        {
            "name": name,
            "municipality": municipality,
            "phone": phone,
            "providers": providers[:MOST_ORGANISATIONS],
            "more": max(len(providers) - MOST_ORGANISATIONS, 0) + unnamed,
            "address": address.removeprefix("https://").removeprefix("http://"),
            "qr": qr(address),
        },
    )


def qr(text: str) -> str:
    """A QR code as an SVG: one square per dark module, with the quiet edge of four that scanners need."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#17211d" d="{squares}"/></svg>'
    )
