// Times of a recording, as a clock shows them. Pure.
import { clock as placed } from "/wrapped/dom.js";

/** Minutes and seconds, and hours where there are some. @param {number} ms */
export const clock = (ms) => placed(ms / 1000, 2);
