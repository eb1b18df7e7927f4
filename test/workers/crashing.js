// The package's worker, until a test tells it to crash.
import '/dist/worker.js';

new BroadcastChannel('crash-worker').onmessage = () => {
  throw new Error('out of memory');
};
