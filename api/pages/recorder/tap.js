// Runs beside the page, where samples come: hands them over in blocks of an eighth of a second.
const BLOCK = 2048;

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(BLOCK);
    this.count = 0;
    this.hasBegun = false;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const samples = inputs[0][0];
    // The first samples are zeros that no microphone made: the browser's own buffer.
    this.hasBegun ||= samples !== undefined && samples.some((sample) => sample !== 0);
    if (!samples || !this.hasBegun) return true;
    this.block.set(samples, this.count);
    this.count += samples.length;
    if (this.count === BLOCK) {
      this.port.postMessage(this.block);
      this.count = 0;
    }
    return true;
  }
}

registerProcessor("tap", Tap);
