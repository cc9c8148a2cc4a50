// The two sides of the product, asked in the visitor's name.
import { ask, picture, read, write } from "/site/session.js";

const SEEN_EVERY_MS = 250;
const SEEN_WITHIN_MS = 10000;

export class Api {
  ask = ask;
  read = read;
  picture = picture;
  write = write;
}

export const later = (ms) => new Promise((done) => setTimeout(done, ms));

// The first thing that `look` finds: a decision is made elsewhere, and can be read a little later. `pending` is told when it cannot.
export async function seen(look, pending) {
  for (let waited = 0; waited < SEEN_WITHIN_MS; waited += SEEN_EVERY_MS) {
    const found = await look();
    if (found) return found;
    await later(SEEN_EVERY_MS);
  }
  throw new Error(pending);
}
