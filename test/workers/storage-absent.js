// The package's worker in a browser without the Cache API, as on pages without HTTPS.
import '/dist/worker.js';

delete globalThis.caches;
delete WorkerGlobalScope.prototype.caches;
