// Facts of Opus that a recorder needs (RFC 6716, RFC 7845). Pure.

export const OPUS_RATE = 48000;
// An Opus decoder counts samples at this rate, whatever the microphone's is.

const SILK_MS = [10, 20, 40, 60];
const CELT_MS = [2.5, 5, 10, 20];

/**
 * Milliseconds of one frame, by the configuration number of the packet's first byte.
 * @param {number} configuration
 */
function frameMs(configuration) {
  if (configuration < 12) return SILK_MS[configuration % 4];
  if (configuration < 16) return SILK_MS[configuration % 2];
  return CELT_MS[configuration % 4];
}

/**
 * Samples that a packet decodes to. An empty packet has none.
 * @param {Uint8Array} packet
 */
export function samplesOf(packet) {
  if (packet.length === 0) return 0;
  const code = packet[0] & 3;
  const frames = code === 3 ? packet[1] & 63 : Math.min(code, 1) + 1;
  return frames * frameMs(packet[0] >> 3) * (OPUS_RATE / 1000);
}

/**
 * Contents of an OpusHead: its channels, and the samples before the first one that was recorded.
 * @param {Uint8Array} head
 * @returns {{channels: number, preSkip: number}}
 */
export function readHead(head) {
  return { channels: head[9], preSkip: head[10] | (head[11] << 8) };
}

/**
 * An OpusHead of mapping family 0: one or two channels.
 * @param {number} channels
 * @param {number} preSkip
 */
export function writeHead(channels, preSkip) {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode("OpusHead"));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, channels);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, OPUS_RATE, true);
  return head;
}
