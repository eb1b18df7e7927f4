import { css } from 'lit';

/** Of the explanation of a result. Strength shows by the line's thickness, direction by its style: colours may be missing. */
export const explanationStyles = css`
  .why {
    margin-block-start: 0.25rem;
  }
  [part='why'] {
    margin-inline-start: 0;
    padding-inline: 0;
    border-color: transparent;
    color: var(--_muted);
    font-size: 0.875em;

    /* Without the sign after it. */
    & span {
      text-decoration: underline;
      text-underline-offset: 0.2em;
    }
    &::after {
      margin-inline-start: 0.1em;
      content: '▾';
      content: '▾' / '';
    }
    &[aria-expanded='true']::after {
      content: '▴';
      content: '▴' / '';
    }
  }
  /* As high as most explanations are, so that what stands below moves when the reader presses, and not when the words come. */
  [part='explanation'] {
    min-block-size: 7.5em;
    margin-block-start: 0.25rem;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_muted);
    font-size: 0.9375em;
    line-height: 1.5;
    overflow-wrap: anywhere;

    & p {
      margin: 0;
      text-align: -webkit-match-parent;
      text-align: match-parent;
    }
    & p + p {
      margin-block-start: 0.35em;
    }
    @media (max-width: 40em) {
      min-block-size: 12em;
    }
  }
  [part='raised'],
  [part='lowered'] {
    font-weight: inherit;
    text-decoration: underline;
    text-decoration-thickness: calc(1px + 2px * var(--rerank-strength));
    text-underline-offset: 0.2em;
    -webkit-box-decoration-break: clone;
    box-decoration-break: clone;

    & mark {
      background: none;
    }
  }
  [part='raised'] {
    background: var(
      --rerank-mark-background,
      color-mix(in srgb, gold calc(10% + 25% * var(--rerank-strength)), transparent)
    );
  }
  [part='lowered'] {
    background: none;
    text-decoration-style: dashed;
  }
`;
