/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Whether the demo's own server is there: the built demo is a static site. */
  readonly HAS_SEARCH_API: boolean;
}
