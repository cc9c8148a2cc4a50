// One talk while it is recorded here: the microphone opens, pauses, goes away and comes back, and what it hears is kept.
import { later } from "/site/seen.js";
import { capture, openMicrophone } from "./capture.js";
import * as store from "./store.js";
import { end } from "./talks.js";
import { clocks, closed, isFull, opened, resumedAtMs, Timeline, wasAsleep } from "./timeline.js";

const AGAIN_MS = 2000;
const SILENT_MS = 6000;
const CLOSED_MS = 5000;

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {import("./cutting.js").Cut} Cut */
/** @typedef {import("./capture.js").Part} Part */
/** @typedef {ReturnType<typeof capture>} Running */
/** @typedef {"paused" | "taken" | "asleep" | "closed"} Kind names of gaps */

const release = (/** @type {MediaStream} */ microphone) => microphone.getTracks().forEach((track) => track.stop());

export class Recording extends EventTarget {
  /** @param {Talk} talk */
  constructor(talk) {
    super();
    this.id = talk.id;
    this.talk = talk;
    /** @type {MediaStream | null} */
    this.microphone = null;
    /** @type {Running | null} */
    this.running = null;
    this.timeline = new Timeline(resumedAtMs(talk, Date.now()), clocks());
    this.toldAt = 0;
    /** @type {Cut[]} whole files that are not kept yet */
    this.cuts = [];
    /** @type {Cut | null} */
    this.rest = null;
    this.kept = Promise.resolve();
    this.isWritten = true;
    this.isEnded = false;
    this.work = Promise.resolve();
    /** @type {Promise<void> | null} */
    this.asking = null;
    /** @type {Promise<void> | null} */
    this.stopping = null;
    this.timer = 0;
  }

  /**
   * Opens the microphone, but for a talk that is paused. Throws what getUserMedia throws: it is asked for again and again then.
   */
  async open() {
    this.timer = setInterval(() => this.look().catch(() => {}), AGAIN_MS);
    const now = await store.talk(this.id);
    if (now && now.state === "recording") await this.resume();
  }

  /**
   * One thing after the other: nobody stops what is just being started.
   * @param {() => Promise<void>} work
   */
  turn(work) {
    const next = this.work.then(work);
    this.work = next.catch(() => {});
    return next;
  }

  /** Records what a microphone hears. One at a time: two would tell everything twice. @param {MediaStream} microphone */
  async listen(microphone) {
    if (this.running || this.isEnded) return release(microphone);
    try {
      await this.begin(microphone);
    } catch (problem) {
      if (this.microphone !== microphone) release(microphone);
      throw problem;
    }
  }

  /** @param {MediaStream} microphone */
  async begin(microphone) {
    const now = /** @type {Talk} */ (await store.talk(this.id));
    const isFirst = now.endMs === 0 && now.gaps.length === 0;
    const recordedAt = isFirst ? Date.now() : now.recordedAt;
    if (isFirst) this.timeline = new Timeline(0, clocks());
    const fromMs = Math.ceil(Math.max(now.endMs, this.position()));
    await store.change(this.id, (talk) => ({ state: "recording", recordedAt, gaps: closed(talk.gaps, fromMs), aliveAt: Date.now() }));
    const [track] = microphone.getAudioTracks();
    const began = performance.now();
    const running = capture(microphone, (part) => this.told(part, fromMs, began, running));
    for (const event of ["ended", "mute"]) track.addEventListener(event, () => this.turn(() => this.hold("taken", running)).catch(() => {}));
    track.addEventListener("unmute", () => this.look().catch(() => {}));
    this.microphone = microphone;
    this.running = running;
    this.toldAt = performance.now();
    await running.start();
    this.dispatchEvent(new Event("microphone"));
  }

  /** Milliseconds since the talk began. */
  position() {
    return this.timeline.at(clocks(), this.running !== null);
  }

  /** @param {Part} part @param {number} fromMs @param {number} began @param {Running} running */
  told(part, fromMs, began, running) {
    this.toldAt = performance.now();
    const placed = (/** @type {Cut} */ cut) => ({ ...cut, startMs: cut.startMs + fromMs });
    this.cuts.push(...part.cuts.map(placed));
    this.rest = part.rest && placed(part.rest);
    this.kept = this.kept.then(() => this.keep());
    if (this.running === running && wasAsleep(this.toldAt - began, part.heardMs)) this.again("asleep", running).catch(() => {});
  }

  async keep() {
    const cuts = [...this.cuts];
    this.isWritten = await store.keep(this.id, cuts, this.rest).then((isWritten) => {
      this.cuts = this.cuts.slice(cuts.length);
      return isWritten;
    }, () => false);
    this.dispatchEvent(new Event("kept"));
  }

  /** The microphone closes, and everything it heard is kept. @param {Kind} kind @param {Running | null} running */
  async hold(kind, running = this.running) {
    if (!running || this.running !== running) return;
    // A browser that never says that it is over keeps nobody waiting, and what it heard is told already.
    await Promise.race([running.stop(), later(CLOSED_MS)]).catch(() => {});
    this.position();
    this.running = null;
    if (this.rest) this.cuts.push(this.rest);
    this.rest = null;
    await this.kept;
    await this.keep();
    if (this.microphone) release(this.microphone);
    this.microphone = null;
    this.dispatchEvent(new Event("microphone"));
    await store.change(this.id, (talk) => ({ gaps: opened(talk.gaps, kind, talk.endMs) }));
  }

  /** It may be asked for more than once before its turn comes. @param {Kind} kind @param {Running} running */
  async again(kind, running) {
    if (this.running !== running) return;
    await this.turn(() => this.hold(kind, running));
    await this.reopen();
  }

  /** Asks for a microphone, once at a time: it may be a question to a person, who does not answer. Nobody waits for that, but who asks. */
  reopen() {
    this.asking ??= openMicrophone().then((microphone) => this.turn(() => this.back(microphone))).catch(() => {}).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  /** Also while the microphone is away: it is not taken up again then. */
  pause() {
    return this.turn(async () => {
      await this.hold("paused");
      await store.change(this.id, () => ({ state: "paused" }));
    });
  }

  async resume() {
    const microphone = await openMicrophone();
    await this.turn(() => this.listen(microphone));
  }

  /** The talk is over: nothing more is recorded, and what waits is sent. */
  stop() {
    this.stopping ??= this.ended();
    return this.stopping;
  }

  async ended() {
    clearInterval(this.timer);
    this.isEnded = true;
    await this.turn(() => this.hold("closed")).catch(() => {});
    // A disk that fails now has all of it a little later: the page that comes next knows nothing of it.
    while (!(await this.isKept())) await later(AGAIN_MS);
    this.dispatchEvent(new Event("stopped"));
  }

  /** Whether all that was heard is kept, and the talk over. */
  async isKept() {
    if (this.cuts.length) await this.keep();
    return this.cuts.length === 0 && end(this.id).then(() => true, () => false);
  }

  /** Whether the microphone is there still. One that somebody took is asked for again. */
  async look() {
    const now = await store.talk(this.id);
    if (this.isEnded) return;
    if (!now || isFull(now, this.position())) return this.stop();
    if (now.state !== "recording") return;
    if (this.running && performance.now() - this.toldAt < SILENT_MS) return;
    if (this.running) await this.turn(() => this.hold("taken"));
    await this.reopen();
  }

  /** @param {MediaStream} microphone */
  async back(microphone) {
    const now = await store.talk(this.id);
    if (now?.state !== "recording" || microphone.getAudioTracks()[0].muted) return release(microphone);
    await this.listen(microphone);
  }
}
