// A talk as the read side tells it while it is recorded: an event stream, opened again whenever it ends.

const AGAIN_MS = 3000;

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
  const open = () => {
    if (isOver) return;
    source = new EventSource(`/v1/sessions/${encodeURIComponent(id)}/events`);
    source.addEventListener("session", (event) => tell(JSON.parse(event.data)));
    source.addEventListener("closed", later);
    source.addEventListener("error", later);
  };
  // A browser gives up on an answer that is no stream: a talk that nobody knows yet, or no network.
  const later = () => {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(open, AGAIN_MS);
  };
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source.close();
  };
}
