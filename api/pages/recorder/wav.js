// A stream of samples, cut into WAV files: where a browser cannot record Opus. Pure. Nothing is encoded, so no seam is left.

export const WAV_RATE = 16000;
const SAMPLES_PER_MS = WAV_RATE / 1000;
const HEAD = 44;

/** @typedef {import("./cutting.js").Cut} Cut */

/** @param {Float32Array} samples between -1 and 1 */
function wav(samples) {
  const bytes = new Uint8Array(HEAD + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const text = (/** @type {number} */ at, /** @type {string} */ word) => bytes.set(new TextEncoder().encode(word), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, WAV_RATE, true);
  view.setUint32(28, 2 * WAV_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => view.setInt16(HEAD + 2 * index, 32767 * Math.max(-1, Math.min(1, sample)), true));
  return bytes;
}

export class WavCutter {
  /** @param {number} lengthMs length of a file but the last */
  constructor(lengthMs) {
    this.length = lengthMs * SAMPLES_PER_MS;
    this.held = new Float32Array(this.length);
    this.count = 0;
    this.from = 0;
  }

  /** Milliseconds of the source that came. */
  get heardMs() {
    return (this.from + this.count) / SAMPLES_PER_MS;
  }

  /**
   * @param {Float32Array} samples
   * @returns {Cut | null}
   */
  push(samples) {
    const room = this.length - this.count;
    this.held.set(samples.subarray(0, room), this.count);
    this.count += Math.min(room, samples.length);
    if (this.count < this.length) return null;
    const made = this.rest();
    this.from += this.count;
    this.count = 0;
    this.push(samples.subarray(room));
    return made;
  }

  /** @returns {Cut | null} */
  rest() {
    const whole = this.count - (this.count % SAMPLES_PER_MS);
    if (whole === 0) return null;
    const content = wav(this.held.subarray(0, whole));
    return { startMs: this.from / SAMPLES_PER_MS, durationMs: whole / SAMPLES_PER_MS, type: "audio/wav", content };
  }
}
