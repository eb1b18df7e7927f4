import { expose, releaseProxy, type ProxyMethods } from 'comlink';
import { createWorkerApi } from './worker-api.ts';

expose(
  createWorkerApi((callback) => {
    (callback as ProxyMethods)[releaseProxy]();
  }),
);
