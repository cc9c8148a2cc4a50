// Time zones of this browser: the one that it is in, and one that every side knows.

/**
 * The zone of whole hours that is next to the browser's clock at a moment: Etc/GMT-8 is eight hours ahead.
 * @param {number} at Unix ms
 */
export function zoneByOffset(at) {
  const hours = Math.max(-12, Math.min(14, Math.round(-new Date(at).getTimezoneOffset() / 60)));
  return hours === 0 ? "Etc/GMT" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}

/** The browser's zone by its name. Some say none, or Etc/Unknown. @param {number} at Unix ms */
export function ownZone(at = Date.now()) {
  const named = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return named && named !== "Etc/Unknown" ? named : zoneByOffset(at);
}
