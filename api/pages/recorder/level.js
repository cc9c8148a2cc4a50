// How loud it is, for the eye. The recording does not depend on it.

const FLOOR_DB = -60;

/**
 * Asks for the level again and again. Returns what ends it.
 * @param {MediaStream} microphone
 * @param {(level: number) => void} show from 0 to 1
 */
export function showLevel(microphone, show) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(microphone).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    show(level(samples));
  }, 100);
  // After a reload nobody has tapped the page: many a browser hears levels from the first tap on only.
  const woken = () => context.resume().catch(() => {});
  const taps = ["pointerdown", "keydown"];
  taps.forEach((tap) => document.addEventListener(tap, woken));
  return () => {
    taps.forEach((tap) => document.removeEventListener(tap, woken));
    clearInterval(timer);
    context.close().catch(() => {});
  };
}

/**
 * Pure: 1 for a sine of full scale, 0 for silence.
 * @param {Float32Array} samples
 */
export function level(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(2 * power + 1e-12);
  return Math.max(0, Math.min(1, 1 - decibels / FLOOR_DB));
}
