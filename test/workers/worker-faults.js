// The package's worker with faults of a worker. Those in the address are there from the beginning; those in a message begin then.
import '/dist/worker.js';

const faults = new Set(new URLSearchParams(location.search).getAll('fault'));
let isLane = false;
addEventListener('message', ({ data }) => {
  isLane ||= data.path?.[0] === 'serveLane';
});

const back = new BroadcastChannel('worker-faults-back');
new BroadcastChannel('worker-faults').onmessage = ({ data }) => {
  // A fault is the engine's or its lanes'.
  if (isLane !== data.startsWith('lane-')) return;
  back.postMessage('heard');
  faults.add(data);
  if (data === 'crash' || data === 'lane-crash') throw new Error('out of memory');
  if (data === 'end') close();
  if (data === 'hang' || data === 'lane-hang') hang();
};

function hang() {
  for (;;);
}

if (faults.has('hang-at-first-call')) addEventListener('message', hang);

const answers = {
  'reply-lost': () => undefined,
  'reply-of-another-kind': () => ({ type: 'RAW', value: { status: 'fine' } }),
  'call-unknown': () => ({
    type: 'HANDLER',
    name: 'throw',
    value: { isError: true, value: { name: 'TypeError', message: 'no such function', stack: '' } },
  }),
};
const { postMessage } = globalThis;
globalThis.postMessage = (message, ...rest) => {
  const fault = Object.keys(answers).find((name) => faults.has(name));
  const answer = fault ? answers[fault]() : message;
  if (answer) postMessage({ ...answer, id: message.id }, ...rest);
  else back.postMessage('a message is lost');
};

// A clock that began an hour before the page's, as where the computer's time was set forward since.
if (faults.has('other-clock')) {
  const timeOrigin = performance.timeOrigin + 3_600_000;
  Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin });
}
