/** What this library uses of `trustedTypes`, which not every browser has. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => unknown };
}

let policy: ReturnType<PolicyFactory['createPolicy']> | undefined;

/**
 * A worker's URL in the form that `new Worker` takes where a Content-Security-Policy requires Trusted Types. The policy's name is
 * `rerank-results`; it is made when the first worker starts.
 *
 * @throws TypeError where the site's `trusted-types` does not list that name.
 */
export function toWorkerUrl(url: string | URL): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
  if (!trustedTypes) return String(url);
  policy ??= trustedTypes.createPolicy('rerank-results', { createScriptURL: (text) => text });
  // A TrustedScriptURL, which `new Worker` takes as a text.
  return policy.createScriptURL(String(url)) as string;
}
