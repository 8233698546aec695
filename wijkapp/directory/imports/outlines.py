"""Which wijken border, from their outlines. CBS draws a shared border with the same points on both sides."""

from collections.abc import Iterator
from typing import Any

EXACT = 10**6  # about 0.1 m in degrees, more than enough in metres


class Borders:
    """Collects outlines; two wijken that share a point are neighbours.

    Takes about 100 bytes of memory per point, so some hundreds of MB for the whole country in full detail.
    """

    def __init__(self) -> None:
        self._owner: dict[int, str] = {}
        self._pairs: set[tuple[str, str]] = set()

    def add(self, code: str, geometry: dict[str, Any]) -> None:
        """The outline of one wijk: a GeoJSON Polygon or MultiPolygon in any one coordinate system."""
        for x, y in _points(geometry):
            point = hash((round(x * EXACT), round(y * EXACT)))
            owner = self._owner.setdefault(point, code)
            if owner != code:
                self._pairs.add((min(owner, code), max(owner, code)))

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Each pair once, smallest code first."""
        return self._pairs


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    coordinates = geometry.get("coordinates") or []
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")), [])
    for polygon in polygons:
        for ring in polygon:
            for point in ring:
                yield float(point[0]), float(point[1])
