import { css } from 'lit';

/** What results look like in both elements. Each says by `--_touch-reach` how far beyond its buttons a finger may meet. */
export const resultStyles = css`
  mark {
    background: var(--rerank-mark-background, color-mix(in srgb, gold 20%, transparent));
    color: inherit;
    font-weight: 600;
    border-radius: 0.15em;
  }
  [part='sentence'] {
    background: var(--rerank-mark-background, color-mix(in srgb, gold 20%, transparent));
    border-radius: 0.15em;
    -webkit-box-decoration-break: clone;
    box-decoration-break: clone;

    /* The words in it stand out by their weight. */
    & mark {
      background: none;
    }
  }
  /* A finger needs more room than a pointer, and the buttons' neighbours leave it. */
  @media (pointer: coarse) {
    button {
      position: relative;
    }
    button::before {
      position: absolute;
      inset: calc(-1 * var(--_touch-reach)) -4px;
      content: '';
    }
  }
  @media (forced-colors: active) {
    mark,
    [part='sentence'] {
      background: none;
      text-decoration: underline;
    }
  }
`;
