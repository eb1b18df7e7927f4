// The package's worker on a GPU with faults. Those in the address are there from the beginning; those in a message begin then.
import '/dist/worker.js';

const faults = new Set(new URLSearchParams(location.search).getAll('fault'));
const devices = [];
const back = new BroadcastChannel('gpu-faults-back');
new BroadcastChannel('gpu-faults').onmessage = async ({ data }) => {
  faults.add(data);
  if (data === 'lost') await Promise.all(loseAll());
  back.postMessage('heard');
};

/** Gives when each of them knows. */
function loseAll() {
  return devices.splice(0).map((device) => {
    device.destroy();
    return device.lost;
  });
}

function replace(prototype, name, make) {
  const original = prototype[name];
  prototype[name] = function (...parameters) {
    return make.call(this, () => original.apply(this, parameters), ...parameters);
  };
}

if (faults.has('absent')) Object.defineProperty(navigator, 'gpu', { value: undefined });

// The imitated GPU passes for a real one, so that a device "auto" takes it.
if (faults.has('taken-for-real')) {
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { value: false });
}

replace(GPU.prototype, 'requestAdapter', (original) =>
  faults.has('no-adapter') ? Promise.resolve(null) : original(),
);

replace(GPUAdapter.prototype, 'requestDevice', async (original) => {
  if (faults.has('no-device')) throw new DOMException('no device for you', 'OperationError');
  const device = await original();
  devices.push(device);
  if (faults.has('lost-at-open')) device.destroy();
  return device;
});

// More than any GPU has: the browser itself refuses it, and gives a buffer that is none.
const { createBuffer } = GPUDevice.prototype;
GPUDevice.prototype.createBuffer = function (descriptor) {
  const size = faults.has('no-memory') ? 2 ** 52 : descriptor.size;
  return createBuffer.call(this, { ...descriptor, size });
};

replace(GPUQueue.prototype, 'submit', (original) => {
  original();
  if (faults.delete('lost-in-run')) loseAll();
});

replace(GPUBuffer.prototype, 'getMappedRange', function (original) {
  const range = original();
  if (!faults.has('no-numbers') || !(this.usage & GPUBufferUsage.MAP_READ)) return range;
  return new Float32Array(range.byteLength / 4).fill(Number.NaN).buffer;
});
