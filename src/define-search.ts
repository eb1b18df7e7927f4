import { RerankSearch } from './element/rerank-search.ts';

export { RerankSearch };
export type { Consent } from './element/consent.ts';
export type { Preload } from './element/element-settings.ts';
export type { RerankEvent, RerankEventDetails, RerankEventName, Result } from './element/events.ts';
export type { Formats, PluralForms } from './element/formats.ts';
export { addMessages, type MessagesInput } from './element/languages.ts';
export type { Messages } from './element/messages.ts';
export type { RunState, SkipReason } from './element/run-state.ts';
export type { Candidate, CandidateInput } from './sources/candidate.ts';
export type { SearchFunction } from './sources/endpoint.ts';

// A server that renders pages imports this too, and has no elements. A second copy of the library on the page leaves the
// first one's element in place.
if (typeof document !== 'undefined' && !customElements.get('rerank-search')) {
  customElements.define('rerank-search', RerankSearch);
}
