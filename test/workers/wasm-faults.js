// The package's worker with a WebAssembly that has faults: those in the address, and from a message on those in it.
import '/dist/worker.js';

const faults = new Set(new URLSearchParams(location.search).getAll('fault'));
const back = new BroadcastChannel('wasm-faults-back');
new BroadcastChannel('wasm-faults').onmessage = ({ data }) => {
  faults.add(data);
  back.postMessage('heard');
};

/** The least of a binary with a vector, and whatever uses relaxed SIMD. */
const needsSimd = (bytes) => bytes.length < 100 || bytes.length > 1000;
const needsRelaxedSimd = (bytes) => bytes.length > 1000;
const { validate, Memory } = WebAssembly;

WebAssembly.validate = (bytes) => {
  if (faults.has('no-simd') && needsSimd(bytes)) return false;
  if (faults.has('no-relaxed-simd') && needsRelaxedSimd(bytes)) return false;
  return validate(bytes);
};

for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = (...parameters) => {
    if (!faults.has('no-memory')) return original(...parameters);
    return Promise.reject(new RangeError(`WebAssembly.${name}(): Out of memory: wasm memory`));
  };
}

const { grow } = Memory.prototype;
Memory.prototype.grow = function (pages) {
  if (faults.has('no-growth')) throw new RangeError('WebAssembly.Memory.grow(): Out of memory');
  return grow.call(this, pages);
};

const { from } = BigInt64Array;
BigInt64Array.from = (...parameters) => {
  if (faults.has('no-memory-in-run')) throw new RangeError('Array buffer allocation failed');
  return from.apply(BigInt64Array, parameters);
};
