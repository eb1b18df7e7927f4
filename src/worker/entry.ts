import { expose, releaseProxy, type ProxyMethods } from 'comlink';
import { createLaneApi } from './backend/kernels/worker-lane.ts';
import type { WorkerApi } from '../shared/protocol.ts';
import { createWorkerApi } from './worker-api.ts';

const workerApi = createWorkerApi((callback) => {
  (callback as ProxyMethods)[releaseProxy]();
});
const api: WorkerApi = { ...workerApi, serveLane: (port) => expose(createLaneApi(), port) };
expose(api);
