import { expose, releaseProxy, type ProxyMethods } from 'comlink';
import { createLaneApi } from './backend/kernels/worker-lane.ts';
import { createWorkerApi } from './worker-api.ts';

const workerApi = createWorkerApi((callback) => {
  (callback as ProxyMethods)[releaseProxy]();
});
// The engine's worker starts lanes from its own script, so each worker can be either.
expose({ ...workerApi, ...createLaneApi() });
