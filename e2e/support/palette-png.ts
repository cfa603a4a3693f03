import { deflateSync, inflateSync } from 'node:zlib'

/**
 * A PNG with at most 256 colours in place of one with all of them: a picture of a page is a third as large. The colours
 * that occur most stay as they are, each other one becomes the nearest of those that are kept.
 *
 * Reads what browsers write: 8 bits a channel, RGB or RGBA, not interlaced.
 */
export function toPalette(png: Buffer): Buffer {
  const chunks = readChunks(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(0)
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  const channels = header[9] === 6 ? 4 : 3
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  const colours = unfiltered(inflateSync(packed), width * channels, height, channels)
  const pixels = new Uint32Array(width * height)
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = colours.readUIntBE(at * channels, 3)

  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const palette = choose([...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour))
  const places = new Map(palette.map((colour, at) => [colour, at]))
  for (const colour of counts.keys()) if (!places.has(colour)) places.set(colour, nearest(colour, palette))

  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = places.get(pixels[y * width + x] ?? 0) ?? 0
  const table = Buffer.alloc(palette.length * 3)
  palette.forEach((colour, at) => table.writeUIntBE(colour, at * 3, 3))
  const indexed = Buffer.from(header)
  indexed[9] = 3
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', indexed),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function readChunks(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

/** Undoes the filter of every row (PNG specification, section 9). */
function unfiltered(data: Buffer, stride: number, height: number, step: number): Buffer {
  const result = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)] ?? 0
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x
      const left = x < step ? 0 : (result[at - step] ?? 0)
      const up = y === 0 ? 0 : (result[at - stride] ?? 0)
      const corner = x < step || y === 0 ? 0 : (result[at - stride - step] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      result[at] = ((data[y * (stride + 1) + 1 + x] ?? 0) + guess) & 255
    }
  }
  return result
}

function paeth(left: number, up: number, corner: number): number {
  const sum = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(sum - left), Math.abs(sum - up), Math.abs(sum - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

const MOST = 256
/** Colours nearer than this to one that is kept can wait: else shades of grey would push out every rare colour. */
const NEAR = 24 ** 2

/** @param colours All of them, the most frequent first. */
function choose(colours: readonly number[]): readonly number[] {
  const kept: number[] = []
  for (const colour of colours)
    if (kept.length < MOST && kept.every((other) => distance(colour, other) >= NEAR)) kept.push(colour)
  const apart = new Set(kept)
  return [...kept, ...colours.filter((colour) => !apart.has(colour)).slice(0, MOST - kept.length)]
}

function distance(one: number, other: number): number {
  let sum = 0
  for (const shift of [16, 8, 0]) sum += (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2
  return sum
}

function nearest(colour: number, palette: readonly number[]): number {
  let best = 0
  let least = Infinity
  palette.forEach((other, at) => {
    const far = distance(colour, other)
    if (far < least) [best, least] = [at, far]
  })
  return best
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}

function crc32(data: Buffer): number {
  let sum = 0xffffffff
  for (const byte of data) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}
