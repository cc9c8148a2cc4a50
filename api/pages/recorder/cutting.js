// One stream of Opus packets, cut into files that decode alone. Pure.
//
// A file begins with packets of the file before it, which the decoder hears and drops, so that its state is that of one
// decoder over the whole stream. It ends in the packet after its border, of which the decoder keeps the encoder's delay.
// So two neighbours meet at the sample, and no seam is left.
import { oggOpus } from "./ogg.js";
import { OPUS_RATE, samplesOf } from "./opus.js";

const SAMPLES_PER_MS = OPUS_RATE / 1000;
const ROLL_SAMPLES = 80 * SAMPLES_PER_MS;
// RFC 7845, section 4.6: a decoder that begins elsewhere has converged after 80 ms.

/** @typedef {{startMs: number, durationMs: number, type: string, content: Uint8Array}} Cut */

export class Cutter {
  /**
   * @param {number} lengthMs least length of a file but the last
   * @param {number} channels
   * @param {number} preSkip the encoder's delay in samples
   */
  constructor(lengthMs, channels, preSkip) {
    this.length = lengthMs * SAMPLES_PER_MS;
    this.channels = channels;
    this.preSkip = preSkip;
    /** @type {{data: Uint8Array, start: number, end: number}[]} */
    this.packets = [];
    this.from = 0;
    // The first sample of the next file, as the source counts.
    this.decoded = 0;
    // Samples that all packets so far decode to.
  }

  /** Milliseconds of the source that came. */
  get heardMs() {
    return this.end / SAMPLES_PER_MS;
  }

  /** Samples of the source that are in packets. */
  get end() {
    return Math.max(0, this.decoded - this.preSkip);
  }

  /**
   * Takes one packet. Returns the file that it completes, or null.
   * @param {Uint8Array} data
   * @returns {Cut | null}
   */
  push(data) {
    const start = this.decoded;
    this.decoded += samplesOf(data);
    this.packets.push({ data, start, end: this.decoded });
    const before = this.packets.findLast((one) => this.isWhole(one.start));
    return before && before.start - this.from >= this.length ? this.cut(before.start) : null;
  }

  /**
   * The packets that are in no file yet, as a file. The stream goes on. Null when there is nothing.
   * @returns {Cut | null}
   */
  rest() {
    const border = this.end - (this.end % SAMPLES_PER_MS);
    return border > this.from && this.isWhole(this.from) ? this.file(border) : null;
  }

  /**
   * Whether a file from `from` on has two packets or more to keep something of. A decoder drops samples at one end of a packet only.
   * @param {number} from
   */
  isWhole(from) {
    const last = this.packets[this.packets.length - 1];
    return last !== undefined && from + this.preSkip < last.start;
  }

  /** @param {number} border */
  cut(border) {
    const made = this.file(border);
    this.from = border;
    this.packets = this.packets.filter((one) => one.end > border + this.preSkip - ROLL_SAMPLES);
    return made;
  }

  /** @param {number} border */
  file(border) {
    const first = this.from + this.preSkip;
    const heard = this.packets.filter((one) => one.end > first - ROLL_SAMPLES && one.start < border + this.preSkip);
    const samples = border - this.from;
    const content = oggOpus(heard.map((one) => one.data), this.channels, first - heard[0].start, samples);
    return { startMs: this.from / SAMPLES_PER_MS, durationMs: samples / SAMPLES_PER_MS, type: "audio/ogg", content };
  }
}
