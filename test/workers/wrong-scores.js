// The package's worker on a GPU that lies: every number that is read back was changed.
import '/dist/worker.js';

const { getMappedRange } = GPUBuffer.prototype;
GPUBuffer.prototype.getMappedRange = function (...parameters) {
  const range = getMappedRange.apply(this, parameters);
  if (!(this.usage & GPUBufferUsage.MAP_READ)) return range;
  return new Float32Array(range.slice(0)).map((number) => number * 2 + 7).buffer;
};
