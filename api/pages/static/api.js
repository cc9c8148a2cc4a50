// The two sides of the product, asked with the visitor's token. Every failure is an Error with the answer's own words.

const SEEN_EVERY_MS = 250;
const SEEN_WITHIN_MS = 10000;

export class Api {
  constructor(token, gateway) {
    this.headers = { Authorization: `Bearer ${token}` };
    this.gateway = gateway;
  }

  async ask(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { ...this.headers, ...(options.headers || {}) } });
    if (!answer.ok) throw Object.assign(new Error((await answer.json().catch(() => ({}))).detail || `${answer.status}`), { status: answer.status });
    return answer;
  }

  async read(path) { return (await this.ask(path)).json(); }
  async picture(path) { return (await this.ask(path)).blob(); }

  async write(method, path, body) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    return (await this.ask(this.gateway + path, { method, headers, body: body && JSON.stringify(body) })).json();
  }
}

// A token in the address is taken out of it at once: it must not be kept in histories or sent to anybody.
export function heldToken() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    sessionStorage.setItem("token", found);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem("token");
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
