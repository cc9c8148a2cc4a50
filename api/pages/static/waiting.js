// Until a talk is ready: words by voice as they come. Events are streamed; where they cannot be, the talk is asked for again and again.
import { later } from "/site/seen.js";
import { said } from "/site/texts.js";
import { show } from "/wrapped/deck.js";
import { element, fill, list, mostFirst, number, roughly, say, voiceNumber } from "/wrapped/dom.js";

/** @typedef {import("lahstats/api").components["schemas"]} Schemas */

const POLL_MS = 1500;
// The read side says every 15 seconds that it is still there (api/sessions/changes.py).
const SILENT_MS = 45_000;
const MOST_WORDS = 4;
const FINAL = ["ready_for_claiming", "completed"];

// A voice while nobody knows whose it is: how much, and its words, most said first.
/** @param {Schemas["Provisional"]["speakers"][number]} one */
function voice(one, texts) {
  const words = mostFirst(one.words);
  const counts = words.reduce((sum, [, count]) => sum + count, 0);
  const most = words.slice(0, MOST_WORDS).map(([word, count]) => `${word} ${number(count)}`).join(", ");
  return fill(texts.speaker, { name: voiceNumber(one.speaker), counts: number(counts) }) + (most ? ` · ${most}` : "");
}

// The slide, and what writes a talk into it: the slide stays where it is, so that nobody who reads it loses their place.
function waiting(texts) {
  const bar = element("progress", { max: "1", value: "0", "aria-label": texts.title });
  const about = element("p");
  const sofar = element("div");
  const tell = (session) => {
    bar.max = Math.max(1, session.progress.windows);
    bar.value = session.progress.counted;
    say(about, described(session, texts));
    sofar.replaceChildren(...provisional(session, texts));
  };
  return { slide: { title: texts.title, how: null, body: [bar, about, sofar] }, tell };
}

/** @param {Schemas["SessionAnswer"]} session */
function described({ progress, provisional: known, state }, texts) {
  const heard = [fill(texts.heard, progress)];
  if (state === "recording") heard.push(texts.recording);
  if (known && known.eta_s !== null) heard.push(fill(texts.eta, { when: roughly(known.eta_s, texts) }));
  return heard.join(" ");
}

/** @param {Schemas["SessionAnswer"]} session */
function provisional({ provisional: known }, texts) {
  const speakers = known ? known.speakers.map((one) => voice(one, texts)) : [];
  return speakers.length ? [element("h3", {}, [texts.provisional]), list("facts live", speakers)] : [];
}

function failed({ happened, advice }, texts) {
  return [{ title: texts.failed, how: null, body: [element("p", {}, [said(happened)]), element("p", {}, [said(advice)])] }];
}

// The next part of a stream. A network that is lost says nothing at all: the stream is over then.
async function next(reader) {
  let timer = 0;
  const silent = new Promise((done) => { timer = setTimeout(() => done({ done: true }), SILENT_MS); });
  return Promise.race([reader.read(), silent]).finally(() => clearTimeout(timer));
}

// The events of one answer, as they come: each is a block of lines, the last part of it may still be on its way.
async function* events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let held = "", { value, done } = await next(reader); !done; { value, done } = await next(reader)) {
      const blocks = (held + value.replaceAll("\r", "")).split("\n\n");
      held = blocks.pop() || "";
      for (const block of blocks) {
        const session = told(block.split("\n"));
        if (session) yield session;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// The talk that an event is about; null for events about the stream itself.
function told(lines) {
  const kind = lines.find((line) => line.startsWith("event:"));
  if (!kind || kind.slice(6).trim() !== "session") return null;
  return JSON.parse(lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n"));
}

// The stream takes as long as the talk; its first answer does not.
async function streamed(api, path) {
  const begin = new AbortController();
  const timer = setTimeout(() => begin.abort(), SILENT_MS);
  return api.ask(`${path}/events`, { signal: begin.signal }).finally(() => clearTimeout(timer));
}

// The talk now, and whenever it changes. A stream that ends, or never begins, is no reason to stop, and neither is a network
// that goes away for a while once the talk is known.
async function* sessions(api, path) {
  for (let isKnown = false; ; ) {
    try {
      yield await api.read(path);
      isKnown = true;
      for await (const session of events(await streamed(api, path))) yield session;
    } catch (problem) {
      const { status } = /** @type {{status?: number}} */ (problem);
      if (!isKnown || [401, 404, 410].includes(status || 0)) throw problem;
    }
    await later(POLL_MS);
  }
}

// Returns whether there is something to show: a talk that failed is told here, with its reason and what to do.
// Of a generation after this one: counts of a former one are no answer to who asked for it to be put together again.
export async function untilReady(api, path, texts, after = 0) {
  let isShown = false;
  const { slide, tell } = waiting(texts.waiting);
  for await (const session of sessions(api, path)) {
    if (FINAL.includes(session.state) && session.generation > after) return true;
    if (session.failure) {
      show(texts.session.title, failed(session.failure, texts.waiting), texts);
      return false;
    }
    tell(session);
    if (!isShown) show(texts.session.title, [slide], texts);
    isShown = true;
  }
  return false;
}
