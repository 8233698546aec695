// The land of postcodes, worked out from their middles: a sketch of a map that asks nobody for tiles.

const AROUND = 28; // corners of the land around a postcode that has no other near
const METRES = 111_320; // of one degree to the north

/** The middle of postcodes, each as [pc4, latitude, longitude, code of the wijk]. */
export function middleOf(all) {
  const sum = all.reduce(([north, east], [, lat, lon]) => [north + lat, east + lon], [0, 0]);
  return sum.map((total) => total / all.length);
}

/** The land of each postcode: as far as it is nearer than any other, and not further than postcodes here are apart. */
export function lands(all) {
  const wide = METRES * Math.cos((middleOf(all)[0] * Math.PI) / 180);
  const spots = all.map(([, lat, lon]) => [lon * wide, lat * METRES]);
  const far = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
  const nearest = spots.map((one) => Math.min(...spots.filter((other) => other !== one).map((other) => far(one, other))));
  const reach = 1.3 * (nearest.sort((a, b) => a - b)[Math.floor(nearest.length / 2)] || 1000);
  return spots.map((one) => {
    let shape = Array.from({ length: AROUND }, (_, n) => (2 * Math.PI * n) / AROUND).map((turn) => [one[0] + reach * Math.cos(turn), one[1] + reach * Math.sin(turn)]);
    for (const other of spots) if (other !== one && far(one, other) < 2 * reach) shape = nearer(shape, one, other);
    return shape.map(([x, y]) => [y / METRES, x / wide]);
  });
}

/** What of this shape is nearer to `one` than to `other`. */
function nearer(shape, one, other) {
  const side = ([x, y]) => (x - (one[0] + other[0]) / 2) * (other[0] - one[0]) + (y - (one[1] + other[1]) / 2) * (other[1] - one[1]);
  return shape.flatMap((corner, n) => {
    const next = shape[(n + 1) % shape.length];
    const [here, there] = [side(corner), side(next)];
    const part = here / (here - there);
    const cut = here < 0 !== there < 0 ? [[corner[0] + part * (next[0] - corner[0]), corner[1] + part * (next[1] - corner[1])]] : [];
    return here < 0 ? [corner, ...cut] : cut;
  });
}
