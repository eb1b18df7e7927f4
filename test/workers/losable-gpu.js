// The package's worker with a GPU device that a test can take away, as a driver crash would.
import '/dist/worker.js';

let devices = [];
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...parameters) {
  const device = await requestDevice.apply(this, parameters);
  devices.push(device);
  return device;
};

new BroadcastChannel('lose-gpu').onmessage = () => {
  for (const device of devices) device.destroy();
  devices = [];
};
