/** An IPv4 range as its first and last address. @typedef {{ first: number, last: number }} Range */

/**
 * The /16 ranges that a private engine may take, best first: far from what routers (192.168), Docker itself (172.17 to 172.31, 192.168)
 * and most companies' numbering (low 10.x) use.
 */
export const candidateRanges = [
  '10.213.0.0/16',
  '10.187.0.0/16',
  '10.231.0.0/16',
  '10.166.0.0/16',
  '10.198.0.0/16',
  '172.29.0.0/16',
  '172.27.0.0/16',
];

/**
 * @param {string} cidr `10.0.0.0/8`, or one address
 * @returns {Range | undefined} undefined when it is not IPv4, such as the routes named `default`
 */
export function parseRange(cidr) {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number);
  const size = 2 ** (32 - Number(match[5] ?? 32));
  // Not with bit operators: they are signed beyond 128.0.0.0.
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

/**
 * The first candidate that no route or address of this host touches.
 * @param {readonly string[]} used routes' destinations and interfaces' addresses
 * @param {string} [kept] the range of an earlier start: kept while nothing but its own networks lies inside it, because they still have its addresses
 * @returns {{ range: string, bridgeAddress: string, pool: string } | undefined} undefined: none is free
 */
export function chooseSubnets(used, kept) {
  const taken = used.flatMap((cidr) => parseRange(cidr) ?? []);
  const isFree = (/** @type {string} */ cidr, /** @type {Range[]} */ others) => {
    const own = parseRange(cidr);
    return own !== undefined && !others.some(({ first, last }) => first <= own.last && own.first <= last);
  };
  const keptRange = kept === undefined ? undefined : parseRange(kept);
  const foreign = taken.filter(
    ({ first, last }) => keptRange === undefined || first < keptRange.first || last > keptRange.last,
  );
  if (kept !== undefined && isFree(kept, foreign)) return split(kept);
  const range = candidateRanges.find((cidr) => isFree(cidr, taken));
  return range === undefined ? undefined : split(range);
}

/** The bridge takes the first /24, networks the upper half. @param {string} range a /16 */
function split(range) {
  const prefix = range.split('.').slice(0, 2).join('.');
  return { range, bridgeAddress: `${prefix}.0.1/24`, pool: `base=${prefix}.128.0/17,size=24` };
}
