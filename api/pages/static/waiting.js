// Until a talk is ready: what is known so far, as it changes.
import { later } from "/wrapped/api.js";
import { show } from "/wrapped/deck.js";
import { element, fill, list, number } from "/wrapped/dom.js";

const POLL_MS = 1500;
const FINAL = ["ready_for_claiming", "completed"];

function waiting(session, texts) {
  const { progress, provisional: known, state } = session;
  const bar = element("progress", { max: String(Math.max(1, progress.windows)), value: String(progress.counted), "aria-label": texts.title });
  const heard = [fill(texts.heard, progress)];
  if (state === "recording") heard.push(texts.recording);
  if (known && known.eta_s !== null) heard.push(fill(texts.eta, { seconds: Math.ceil(known.eta_s) }));
  const speakers = known ? known.speakers.map((one) => fill(texts.speaker, { name: one.speaker, counts: number(Object.values(one.words).reduce((sum, n) => sum + n, 0)) })) : [];
  const sofar = speakers.length ? [element("h3", {}, [texts.provisional]), list("facts", speakers)] : [];
  return [{ title: texts.title, how: null, body: [bar, element("p", {}, [heard.join(" ")]), ...sofar] }];
}

function failed({ happened, advice }, texts) {
  return [{ title: texts.failed, how: null, body: [element("p", {}, [happened]), element("p", {}, [advice])] }];
}

// Returns whether there is something to show: a talk that failed is told here, with its reason and what to do.
// Of a generation after this one: counts of a former one are no answer to who asked for it to be put together again.
export async function untilReady(api, path, texts, after = 0) {
  for (let told = ""; ; await later(POLL_MS)) {
    const session = await api.read(path);
    if (FINAL.includes(session.state) && session.generation > after) return true;
    if (session.failure) {
      show(texts.session.title, failed(session.failure, texts.waiting), texts);
      return false;
    }
    // Only what is new: a reader's place on the slide is kept, and nothing is said aloud twice.
    if (JSON.stringify(session) !== told) show(texts.session.title, waiting(session, texts.waiting), texts);
    told = JSON.stringify(session);
  }
}
