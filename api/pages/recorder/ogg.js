// An Ogg file of Opus packets (RFC 3533, RFC 7845). Its decoder drops samples at both ends to the very sample.
import { samplesOf, writeHead } from "./opus.js";
import { joined } from "./webm.js";

const PAGE_HEAD = 27;
const MOST_SEGMENTS = 255;
const FIRST = 2;
const LAST = 4;
const SERIAL = 1;
const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value >>> 0;
});

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let value = 0;
  for (const byte of bytes) value = (value << 8) ^ TABLE[(value >>> 24) ^ byte];
  return value >>> 0;
}

/** @param {Uint8Array} packet */
function lacing(packet) {
  const sizes = new Array(Math.floor(packet.length / 255)).fill(255);
  return [...sizes, packet.length % 255];
}

/**
 * @param {Uint8Array[]} packets
 * @param {number} number
 * @param {number} granule samples decoded when this page ends
 * @param {number} flags
 */
function page(packets, number, granule, flags) {
  const segments = packets.flatMap(lacing);
  const head = new Uint8Array(PAGE_HEAD + segments.length);
  head.set(new TextEncoder().encode("OggS"));
  const view = new DataView(head.buffer);
  view.setUint8(5, flags);
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  view.setUint8(26, segments.length);
  head.set(segments, PAGE_HEAD);
  const all = joined([head, ...packets]);
  new DataView(all.buffer).setUint32(22, checksum(all), true);
  return all;
}

/** @param {Uint8Array[]} packets */
function grouped(packets) {
  /** @type {Uint8Array[][]} */
  const groups = [[]];
  let segments = 0;
  for (const packet of packets) {
    const more = lacing(packet).length;
    if (segments + more > MOST_SEGMENTS) {
      groups.push([]);
      segments = 0;
    }
    groups[groups.length - 1].push(packet);
    segments += more;
  }
  return groups;
}

function tags() {
  const tags = new Uint8Array(16);
  tags.set(new TextEncoder().encode("OpusTags"));
  return tags;
}

/**
 * A whole file that decodes to exactly `samples` samples: those after the first `preSkip`.
 * @param {Uint8Array[]} packets
 * @param {number} channels
 * @param {number} preSkip
 * @param {number} samples
 */
export function oggOpus(packets, channels, preSkip, samples) {
  const pages = [page([writeHead(channels, preSkip)], 0, 0, FIRST), page([tags()], 1, 0, 0)];
  const groups = grouped(packets);
  let granule = 0;
  groups.forEach((group, index) => {
    granule += group.reduce((sum, packet) => sum + samplesOf(packet), 0);
    const isLast = index === groups.length - 1;
    pages.push(page(group, index + 2, isLast ? preSkip + samples : granule, isLast ? LAST : 0));
  });
  return joined(pages);
}
