// A bundled talk as a talk of the visitor's own: it takes the way that a recording of the phone takes.
import { readable } from "/site/seen.js";
import { ask, write } from "/site/session.js";
import { ownZone, zoneByOffset } from "/site/zones.js";
import { patienceMs } from "/record/retrying.js";
import { newId } from "/record/talks.js";

const FILE = "/site/sample.ogg";
const DURATION_MS = 108800;
const PEOPLE = 2;
const BYTES = 400_000; // at most

/** Of the file, on its way here or back. */
const patience = () => AbortSignal.timeout(patienceMs(BYTES));

/** @param {ArrayBuffer} bytes */
async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha-256=:${btoa(String.fromCharCode(...found))}:`;
}

/** Begins the talk, also where the write side does not know the zone. @param {string} path @param {number} now @param {string} zone */
async function begun(path, now, zone) {
  const start = (/** @type {string} */ timeZone) => write("PUT", path, {
    time_zone: timeZone,
    recorded_at: new Date(now - DURATION_MS).toISOString(),
    speakers_hint: PEOPLE,
    consent: { text_version: "sample", agreed_at: new Date(now).toISOString() },
  });
  return start(zone).catch((problem) => {
    if (problem.status !== 422) throw problem;
    return start(zoneByOffset(now));
  });
}

/** @type {{id: string, now: number} | null} the talk that is not sent yet: another try goes on with it */
let unsent = null;

/** Sends it; returns the talk's id. @param {string} zone as the visitor chose it; empty for the browser's */
export async function sendSample(zone) {
  const bytes = await (await ask(FILE, { signal: patience() })).arrayBuffer();
  unsent ??= { id: newId(Date.now()), now: Date.now() };
  const { id, now } = unsent;
  const path = `/v1/sessions/${id}`;
  const { upload_token: token } = await begun(path, now, zone || ownZone());
  const allowed = { Authorization: `Bearer ${token}` };
  await ask(`${path}/chunks/0`, {
    method: "PUT",
    body: bytes,
    signal: patience(),
    headers: { ...allowed, "Content-Type": "audio/ogg", "Content-Digest": await digest(bytes), "Lah-Start-Ms": "0", "Lah-Duration-Ms": String(DURATION_MS), "Lah-Recorded-At": new Date(now - DURATION_MS).toISOString() },
  });
  await ask(`${path}/complete`, { method: "POST", body: JSON.stringify({ chunks: 1 }), headers: { ...allowed, "Content-Type": "application/json" } });
  unsent = null;
  await readable(path);
  return id;
}
