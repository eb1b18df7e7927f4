// The package's worker in a browser that refuses it any storage, as some private windows do.
import '/dist/worker.js';

Object.defineProperty(globalThis, 'caches', {
  get() {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
});
