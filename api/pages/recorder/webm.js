// The Opus packets of a WebM stream, as MediaRecorder writes it bit by bit. Only what is needed is read.

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const BLOCK_GROUP = 0xa0;
const INSIDE = new Set([SEGMENT, CLUSTER, TRACKS, TRACK, BLOCK_GROUP]);
const CODEC_PRIVATE = 0x63a2;
const CLUSTER_TIME = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
const BLOCK_HEAD = 4;
// Track number (one byte for the first 126 tracks), time of two bytes, flags.

/** @typedef {{data: Uint8Array, timeMs: number}} Packet */

/** Reads what it is given, and keeps what is not whole yet. */
export class WebmReader {
  constructor() {
    this.rest = new Uint8Array(0);
    this.clusterMs = 0;
    /** @type {Uint8Array | null} */
    this.head = null;
  }

  /**
   * The packets that are whole now, in order. Throws RangeError when the bytes are no WebM.
   * @param {Uint8Array} bytes
   * @returns {Packet[]}
   */
  push(bytes) {
    const all = joined([this.rest, bytes]);
    /** @type {Packet[]} */
    const found = [];
    let at = 0;
    for (let next = element(all, at); next; next = element(all, at)) {
      if (INSIDE.has(next.id)) {
        at = next.start;
        continue;
      }
      if (next.start + next.size > all.length) break;
      this.take(next.id, all.slice(next.start, next.start + next.size), found);
      at = next.start + next.size;
    }
    this.rest = all.slice(at);
    return found;
  }

  /**
   * @param {number} id
   * @param {Uint8Array} body
   * @param {Packet[]} found
   */
  take(id, body, found) {
    if (id === CODEC_PRIVATE) this.head = body;
    if (id === CLUSTER_TIME) this.clusterMs = whole(body);
    if (id !== SIMPLE_BLOCK && id !== BLOCK) return;
    const relativeMs = new DataView(body.buffer, body.byteOffset).getInt16(1);
    found.push({ data: body.slice(BLOCK_HEAD), timeMs: this.clusterMs + relativeMs });
  }
}

/** @param {Uint8Array[]} parts */
export function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * The id, the beginning and the size of the element at `at`; null when its head is not whole.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function element(bytes, at) {
  const idLength = widthOf(bytes[at]);
  const sizeAt = at + idLength;
  const sizeLength = widthOf(bytes[sizeAt]);
  const start = sizeAt + sizeLength;
  if (start > bytes.length) return null;
  const marked = bytes.slice(sizeAt, start);
  marked[0] &= 0xff >> sizeLength;
  return { id: whole(bytes.slice(at, sizeAt)), size: whole(marked), start };
}

/**
 * Bytes of a number whose first byte is this one.
 * @param {number | undefined} first
 */
function widthOf(first) {
  if (first === undefined) return Infinity;
  if (first === 0) throw new RangeError("this is no WebM");
  return Math.clz32(first) - 23;
}

/** @param {Uint8Array} bytes */
function whole(bytes) {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
