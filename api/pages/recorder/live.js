// A talk as the read side tells it while it is recorded: an event stream, opened again whenever it ends.

const AGAIN_MS = 3000;
const LONGEST_MS = 60_000;

/**
 * @param {string} id
 * @param {(session: any) => void} tell
 * @returns {() => void} ends it
 */
export function follow(id, tell) {
  let isOver = false;
  /** @type {EventSource} */
  let source;
  let timer = 0;
  let restMs = AGAIN_MS;
  const open = () => {
    if (isOver) return;
    source = new EventSource(`/v1/sessions/${encodeURIComponent(id)}/events`);
    source.addEventListener("session", (event) => {
      restMs = AGAIN_MS;
      tell(JSON.parse(event.data));
    });
    source.addEventListener("closed", later);
    source.addEventListener("error", later);
  };
  // A browser gives up on an answer that is no stream: a talk that nobody knows yet, or no network.
  const later = () => {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(open, restMs);
    restMs = Math.min(LONGEST_MS, 2 * restMs); // nobody may be signed in for the rest of a long recording
  };
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source.close();
  };
}
