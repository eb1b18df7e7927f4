import { css } from 'lit';

/** Follows the page's fonts and colours; everything that a site may change is a custom property or part. */
export const styles = css`
  :host {
    display: block;
    --_muted: var(--rerank-muted-color, color-mix(in srgb, currentColor 68%, transparent));
    --_gap: var(--rerank-gap, 1.25rem);
    --_touch-reach: 10px;
  }
  :host([density='compact']) {
    --_gap: var(--rerank-gap, 0.625rem);
  }
  :host([hidden]) {
    display: none;
  }
  ol {
    display: grid;
    gap: var(--_gap);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    min-width: 0;
  }
  [part='link'] {
    color: var(--rerank-link-color, LinkText);
    font-weight: 600;
    overflow-wrap: anywhere;
    text-decoration-thickness: 0.08em;
    text-underline-offset: 0.15em;
  }
  [part='link']:focus-visible,
  button:focus-visible {
    outline: 2px solid currentColor;
    outline-offset: 2px;
  }
  [part='text'] {
    /* Read in its own direction, at the side where its title is. Chromium knows the prefixed name alone. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
    margin: 0.25rem 0 0;
    color: var(--_muted);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  :host([density='compact']) [part='text'] {
    display: -webkit-box;
    margin: 0.125rem 0 0;
    overflow: hidden;
    line-height: 1.4;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  /* Chromium sets the dots of a cut text after it, where a line at the other side has no room. */
  :host([density='compact']:dir(rtl)) [part='text']:dir(ltr),
  :host([density='compact']:dir(ltr)) [part='text']:dir(rtl) {
    margin-inline-end: -1em;
    padding-inline-end: 1em;
  }
  [part='scores'] {
    margin-inline-start: 0.5rem;
    color: var(--_muted);
    font-size: 0.8125em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 0.5rem;
    min-height: 26px;
    margin: 0 0 0.75rem;
    color: var(--_muted);
    font-size: 0.875em;
  }
  /* Who has scrolled into the list sees what waits. */
  .head.held {
    position: sticky;
    inset-block-start: var(--rerank-sticky-offset, 0px);
    z-index: 1;
    background: var(--rerank-sticky-background, Canvas);
  }
  [part='switch-order'] {
    border-color: transparent;
    text-decoration: underline;
  }
  /* Where the line has no room for words and button side by side, their two lines are there from the beginning. */
  @media (max-width: 40rem) {
    .head.roomy {
      min-height: calc(1.5em + 24px + 0.25rem);
    }
    [part='status'] {
      flex-basis: 100%;
      min-height: 1.5em;
    }
    /* It may begin a line. */
    [part='status'] button {
      margin-inline-start: 0;
    }
    [part='switch-order'] {
      margin-inline-start: 0;
      padding: 0;
    }
  }
  [part='progress'] {
    width: 5rem;
    height: 0.5em;
    margin-inline-start: 0.25rem;
    accent-color: var(--rerank-link-color, LinkText);
    vertical-align: baseline;
  }
  .reserved {
    visibility: hidden;
  }
  [part='status']:focus:not(:focus-visible) {
    outline: none;
  }
  /* Its place is taken at once, so that nothing moves when it shows or results come. */
  [part='skeleton'] {
    display: grid;
    gap: var(--_gap);
    animation: appear 0.2s 0.4s backwards;
  }
  [part='skeleton'] i {
    display: block;
    height: 0.9em;
    margin-block: 0.3em;
    border-radius: 0.3em;
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  [part='skeleton'] i:first-child {
    width: 40%;
  }
  [part='skeleton'] i:last-child {
    width: 80%;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  [part='show-all'] {
    margin: 1.25rem 0 0;
  }
  .announcement {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button {
    min-height: 24px;
    margin-inline-start: 0.25rem;
    padding: 0 0.6em;
    border: 1px solid var(--_muted);
    border-radius: 0.4em;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--rerank-muted-color, currentColor);
    }
    [part='skeleton'] i {
      background: color-mix(in srgb, currentColor 40%, transparent);
    }
    .head.held {
      border-block-end: 1px solid;
    }
  }
  @media (forced-colors: active) {
    .head.held {
      border-block-end: 1px solid;
    }
    [part='skeleton'] i {
      border: 1px solid GrayText;
    }
  }
`;
