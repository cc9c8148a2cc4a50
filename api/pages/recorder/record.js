// The recorder's page: ask, record, send; or watch what another page of this browser records.
import { page, show } from "/site/layout.js";
import { readable } from "/site/seen.js";
import { ME, read, readAhead, signIn, staySignedIn } from "/site/session.js";
import { texts } from "/site/texts.js";
import { element, fill, link, list, moment, say } from "/wrapped/dom.js";
import { catchUp, unfinished } from "./catching.js";
import { clock } from "./clock.js";
import { askBeforeLeaving, every, isTaken, keepAwake, keepData, takeTurn, untilFree } from "./duties.js";
import { showLevel } from "./level.js";
import { follow } from "./live.js";
import { known, soon } from "./owner.js";
import { Recording } from "./recording.js";
import { send, sendNow } from "./sending.js";
import * as store from "./store.js";
import { begin, takeUp } from "./talks.js";
import { asking, Panel } from "./view.js";

const EVERY_MS = 500;
const LOOK_MS = 2000;
const TALKS = "/v1/sessions?limit=10";

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {import("./owner.js").Me} Me */

readAhead(ME, TALKS);
const words = await texts();
const own = words.record;

/** @param {Me} me @param {(Node | string)[]} parts */
function shown(me, parts, title = own.title) {
  show({ title, parts, me, texts: words });
}

/** Why a recording does not begin, in words. @param {Error} problem */
const refusal = (problem) => problem.name === "QuotaExceededError" ? own.no_room : own.microphone[problem.name] || fill(own.microphone.other, { detail: problem.message });

/** @param {Me} me */
async function ask(me) {
  const told = element("p", { class: "trouble", role: "alert" });
  const begun = async (/** @type {import("./view.js").Choices} */ choices) => {
    // Asked for before anything is kept: a talk without a microphone is none.
    (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks().forEach((track) => track.stop());
    keepData();
    return begin({ ...choices, owner: me.user_id, consent: own.consent.version, timeZone: me.time_zone });
  };
  const tell = (/** @type {string} */ why) => {
    say(told, why);
    told.scrollIntoView({ block: "center" });
  };
  const form = asking(own, me.groups, async (choices) => {
    // Before a talk begins: one that begins while another tab records would be recorded once that is over, and nobody asked then.
    const release = await takeTurn();
    if (!release) return void ((await resume(me)) || tell(own.other_page));
    await begun(choices).then((talk) => record(me, talk, release), (problem) => {
      release();
      tell(refusal(problem));
    });
  });
  const others = element("div");
  const asked = elsewhere(me).then((found) => others.replaceChildren(...found), () => {});
  await Promise.race([asked, soon]);
  shown(me, [told, form, ...(await left(me)), others]);
}

/** Talks that were recorded here and are not sent yet. It tells their fate while it is on the page: show it at once. @param {Me} me */
async function left(me) {
  const found = (await store.talks(me.user_id)).filter((one) => one.state === "stopped");
  for (const one of found) await store.forgive(one.id);
  if (!found.length) return [];
  const lines = found.map(() => element("span"));
  let isShown = false;
  const ending = every(LOOK_MS, async () => {
    if (isShown && !lines[0].isConnected) return ending();
    isShown = lines[0].isConnected;
    for (const [n, one] of found.entries()) say(lines[n], waiting(one, await store.talk(one.id)));
  });
  return [element("h2", {}, [own.left]), list("list", lines)];
}

/** The fate of a talk that waited. @param {Talk} before @param {Talk | undefined} now */
function waiting(before, now) {
  const day = moment(before.recordedAt);
  if (!now) return fill(own.left_kept, { day, why: own.erased });
  if (now.state === "done") return fill(own.left_sent, { day });
  const why = troubleOf(now, null);
  return why ? fill(own.left_kept, { day, why }) : fill(own.left_one, { day, waits: clock(now.heldMs - now.safeMs) });
}

/** Talks that another device records. @param {Me} me */
async function elsewhere(me) {
  const found = await read(TALKS).catch(() => ({ sessions: [] }));
  const here = new Set((await store.talks(me.user_id)).map((one) => one.id));
  const other = found.sessions.filter((/** @type {any} */ one) => one.state === "recording" && !here.has(one.session_id));
  if (!other.length) return [];
  return [element("h2", {}, [own.elsewhere]), list("list", other.map((/** @type {any} */ one) => link(`/wrapped?session=${one.session_id}`, fill(own.watch, { day: moment(one.recorded_at) }))))];
}

/** @param {Me} me @param {Talk} talk @param {() => void} release gives back the right to record */
async function record(me, talk, release) {
  const recording = new Recording(talk);
  const panel = new Panel(own, { pause: () => trying(panel, () => recording.pause()), resume: () => trying(panel, () => recording.resume()), stop: () => recording.stop() });
  shown(me, panel.parts, own.recording);
  const endings = [release, keepAwake((isSleepy) => say(panel.sleepy, isSleepy ? own.sleepy : "")), askBeforeLeaving(), staySignedIn(), meter(recording, panel), refreshed(panel, talk.id, recording)];
  let isOver = false;
  send(me.user_id, () => !isOver);
  recording.addEventListener("kept", () => sendNow());
  recording.addEventListener("stopped", () => {
    isOver = true;
    endings.forEach((ending) => ending());
    sendNow();
    finished(me, talk.id);
  });
  await trying(panel, () => recording.open());
}

/** @param {Panel} panel @param {() => Promise<void>} work */
async function trying(panel, work) {
  try {
    await work();
    panel.refused = "";
  } catch (problem) {
    panel.refused = refusal(/** @type {Error} */ (problem));
  }
}

/** @param {Recording} recording @param {Panel} panel */
function meter(recording, panel) {
  let ending = () => {};
  const changed = () => {
    ending();
    panel.refused = "";
    panel.level.value = 0;
    ending = recording.microphone ? showLevel(recording.microphone, (level) => { panel.level.value = level; }) : () => {};
  };
  recording.addEventListener("microphone", changed);
  return () => ending();
}

/** Shows again and again what is kept. @param {Panel} panel @param {string} id @param {Recording | null} recording */
function refreshed(panel, id, recording) {
  /** @type {(() => void) | null} */
  let unfollow = null;
  const look = async () => {
    const talk = await store.talk(id);
    if (!talk) return;
    // Nobody knows the talk before its first receipt.
    if (talk.safeMs > 0) unfollow ??= follow(id, (session) => panel.tellWords(session));
    const isOpen = recording ? recording.running !== null : talk.state === "recording";
    const nowMs = recording && isOpen ? Math.max(talk.endMs, recording.position()) : talk.endMs;
    panel.tell(talk, { isOpen, nowMs, unwrittenMs: recording && !recording.isWritten ? store.unwrittenMs() + talk.restMs : 0, trouble: panel.refused || troubleOf(talk, recording) });
  };
  const ending = every(EVERY_MS, look);
  return () => {
    ending();
    unfollow?.();
    unfollow = () => {};
  };
}

/** @param {Talk} talk @param {Recording | null} recording */
function troubleOf(talk, recording) {
  if (recording && !recording.isWritten) return own.full;
  if (talk.notTaken) return fill(recording ? own.not_taken : own.not_taken_after, { detail: talk.notTaken });
  if (talk.refusal) return fill(own.refused, { detail: talk.refusal });
  if (!talk.trouble) return "";
  if (talk.trouble.status === store.HERE) return fill(own.here, { detail: talk.trouble.detail });
  if (talk.trouble.status === 0) return recording ? own.offline : own.offline_after;
  if (talk.trouble.status === 401) return recording ? own.signed_out : own.signed_out_after;
  return fill(own.trouble, { detail: talk.trouble.detail });
}

/** @param {Me} me @param {string} id */
function finished(me, id) {
  const told = element("p", { role: "status", id: "sent" });
  const waits = element("p", { class: "soft" }); // it changes all the time: nobody wants to have it read aloud
  const trouble = element("p", { class: "trouble", role: "alert" });
  const story = element("a", { class: "button", href: `/wrapped?session=${id}` }, [own.see]);
  story.hidden = true;
  shown(me, [told, waits, trouble, element("p", { class: "row" }, [story, element("a", { class: "button quiet", href: "/record" }, [own.another])])], own.over);
  document.querySelector("h1")?.focus(); // the button that was tapped may be gone already
  const leave = askBeforeLeaving();
  const ended = every(EVERY_MS, async () => {
    if (store.unwrittenMs() === 0) leave();
    const talk = await store.talk(id);
    const isDone = !talk || talk.isTold || talk.notTaken;
    say(told, ending(talk));
    say(waits, talk && !isDone ? fill(own.sending_left, { waits: clock(talk.heldMs - talk.safeMs) }) : "");
    say(trouble, talk ? troubleOf(talk, null) : "");
    if (!isDone) return;
    told.dataset.done = "";
    ended();
    if (!talk?.isTold) return;
    await readable(`/v1/sessions/${id}`);
    story.hidden = false;
  });
}

/** @param {Talk | undefined} talk */
function ending(talk) {
  if (!talk) return own.erased;
  if (talk.notTaken) return own.kept_here;
  if (!talk.isTold) return own.sending;
  return talk.refusal ? own.sent_partly : own.sent;
}

/** Another page of this browser records: progress is shown here as well. @param {Me} me @param {string} id */
async function watch(me, id) {
  const panel = new Panel(own, {});
  panel.level.hidden = true;
  shown(me, [element("p", {}, [own.other_page]), ...panel.parts], own.recording);
  refreshed(panel, id, null);
  await untilFree();
  location.reload();
}

/** A recording that its page did not end goes on, if that was just now. @param {Me} me */
async function resume(me) {
  const latest = await unfinished(me.user_id);
  if (!latest) return false;
  const release = (await isTaken()) ? null : await takeTurn();
  if (!release) await watch(me, latest.id);
  else {
    await takeUp(latest.id);
    await record(me, latest, release);
  }
  return true;
}

await page(words, async () => {
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  window.addEventListener("online", () => sendNow());
  const me = await known();
  if (!me) return signIn();
  if (!(await store.forgetOld().then(() => true, () => false))) return shown(me, [element("p", {}, [own.keeps_nothing]), element("a", { class: "button", href: "/record" }, [words.failed.again])]);
  if (await resume(me)) return;
  await ask(me);
  await catchUp(me.user_id);
});
