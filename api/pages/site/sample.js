// A bundled talk as a talk of the visitor's own: it takes the way that a recording of the phone takes.
import { readable } from "/site/seen.js";
import { ask, write } from "/site/session.js";
import { newId } from "/record/talks.js";

const FILE = "/site/sample.ogg";
const DURATION_MS = 108800;
const PEOPLE = 2;

/** @param {ArrayBuffer} bytes */
async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha-256=:${btoa(String.fromCharCode(...found))}:`;
}

/** Sends it; returns the talk's id. */
export async function sendSample() {
  const bytes = await (await ask(FILE)).arrayBuffer();
  const now = Date.now();
  const id = newId(now);
  const path = `/v1/sessions/${id}`;
  const begun = await write("PUT", path, {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    recorded_at: new Date(now - DURATION_MS).toISOString(),
    speakers_hint: PEOPLE,
    consent: { text_version: "sample", agreed_at: new Date(now).toISOString() },
  });
  const allowed = { Authorization: `Bearer ${begun.upload_token}` };
  await ask(`${path}/chunks/0`, {
    method: "PUT",
    body: bytes,
    headers: { ...allowed, "Content-Type": "audio/ogg", "Content-Digest": await digest(bytes), "Lah-Start-Ms": "0", "Lah-Duration-Ms": String(DURATION_MS), "Lah-Recorded-At": new Date(now - DURATION_MS).toISOString() },
  });
  await ask(`${path}/complete`, { method: "POST", body: JSON.stringify({ chunks: 1 }), headers: { ...allowed, "Content-Type": "application/json" } });
  await readable(path);
  return id;
}
