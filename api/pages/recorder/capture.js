// One microphone, as files on its own timeline: what a stage hears of them has no seams.
//
// One MediaRecorder runs from start to stop. Its stream is cut between packets (cutting.js), so nothing is encoded twice
// and no second recorder has to be aligned. A browser that cannot record Opus in WebM gives samples instead (wav.js).
import { later } from "/site/seen.js";
import { Cutter } from "./cutting.js";
import { readHead } from "./opus.js";
import { WAV_RATE, WavCutter } from "./wav.js";
import { WebmReader } from "./webm.js";

export const FILE_MS = 10_000;
const BIT_RATE = 32_000;
const EVERY_MS = 1000;
const TAIL_MS = 150;
// A word that ends with the tap on "stop" is still on its way.
const OPUS = "audio/webm;codecs=opus";
// The room as it is: the stages were measured without a phone's own idea of what noise is.
const MICROPHONE = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @typedef {import("./cutting.js").Cut} Cut */
/** @typedef {{cuts: Cut[], rest: Cut | null, heardMs: number}} Part */

/** Throws what getUserMedia throws: NotAllowedError, NotFoundError, NotReadableError. */
export function openMicrophone() {
  return navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
}

/** @param {MediaStream} microphone @param {(part: Part) => void} tell about once a second @param {boolean} canOpus */
export function capture(microphone, tell, canOpus = recordsOpus()) {
  return canOpus ? new OpusCapture(microphone, tell) : new WavCapture(microphone, tell);
}

function recordsOpus() {
  return typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(OPUS);
}

class OpusCapture {
  /**
   * @param {MediaStream} microphone
   * @param {(part: Part) => void} tell about once a second
   */
  constructor(microphone, tell) {
    this.tell = tell;
    this.reader = new WebmReader();
    /** @type {Cutter | null} */
    this.cutter = null;
    this.read = Promise.resolve();
    /** @type {Promise<unknown>} */
    this.isOver = Promise.resolve();
    this.recorder = new MediaRecorder(microphone, { mimeType: OPUS, audioBitsPerSecond: BIT_RATE });
    this.recorder.addEventListener("dataavailable", (event) => {
      this.read = this.read.then(() => this.take(event.data));
      this.read.catch(() => {}); // nothing more is told: the recording begins anew then
    });
  }

  async start() {
    this.recorder.start(EVERY_MS);
    this.isOver = new Promise((done) => this.recorder.addEventListener("stop", () => done(undefined), { once: true }));
  }

  /** Ends with everything told. A recorder whose microphone went away ends by itself. */
  async stop() {
    if (this.recorder.state !== "inactive") await later(TAIL_MS);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.isOver;
    // A part that could not be read ends the stream: nothing behind it can be, either.
    await this.read.catch(() => {});
  }

  /** @param {Blob} data */
  async take(data) {
    const packets = this.reader.push(new Uint8Array(await data.arrayBuffer()));
    if (this.cutter === null && this.reader.head) {
      const { channels, preSkip } = readHead(this.reader.head);
      this.cutter = new Cutter(FILE_MS, channels, preSkip);
    }
    if (this.cutter === null) return;
    const cutter = this.cutter;
    const cuts = packets.map((one) => cutter.push(one.data)).filter((one) => one !== null);
    this.tell({ cuts, rest: cutter.rest(), heardMs: cutter.heardMs });
  }
}

class WavCapture {
  /**
   * @param {MediaStream} microphone
   * @param {(part: Part) => void} tell about once a second
   */
  constructor(microphone, tell) {
    this.microphone = microphone;
    this.tell = tell;
    this.cutter = new WavCutter(FILE_MS);
    /** @type {Cut[]} */
    this.cuts = [];
    this.toldMs = 0;
  }

  async start() {
    this.context = new AudioContext({ sampleRate: WAV_RATE, latencyHint: "playback" });
    await this.context.audioWorklet.addModule("/record/tap.js");
    const tap = new AudioWorkletNode(this.context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    tap.port.onmessage = ({ data }) => this.take(data);
    this.context.createMediaStreamSource(this.microphone).connect(tap);
    // It may wait until somebody taps the page. Meanwhile nothing is told, and the microphone is asked for again.
    this.context.resume().catch(() => {});
  }

  async stop() {
    await later(TAIL_MS);
    if (this.context) await this.context.close();
    this.say();
  }

  /** @param {Float32Array} samples */
  take(samples) {
    const made = this.cutter.push(samples);
    if (made) this.cuts.push(made);
    if (this.cutter.heardMs - this.toldMs >= EVERY_MS) this.say();
  }

  say() {
    this.toldMs = this.cutter.heardMs;
    this.tell({ cuts: this.cuts, rest: this.cutter.rest(), heardMs: this.toldMs });
    this.cuts = [];
  }
}
