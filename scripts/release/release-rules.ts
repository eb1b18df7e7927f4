/** What the release asks of the repository. */
export interface RepositoryState {
  /** What `git status --porcelain` prints. */
  readonly status: string;
  /** Empty where a tag is checked out. */
  readonly branch: string;
  /** Tags of this commit. */
  readonly tags: readonly string[];
  readonly changelog: string;
  readonly manifest: {
    readonly version: string;
    readonly repository?: unknown;
  };
}

/** What stands against a release; nothing if it may be made. */
export function findProblems({
  status,
  branch,
  tags,
  changelog,
  manifest,
}: RepositoryState): string[] {
  const { version, repository } = manifest;
  const [heading] = [...changelog.matchAll(/^## \[(\d[^\]]*)\](?: - \d{4}-\d{2}-\d{2})?$/gm)];
  const problems: string[] = [];
  if (status.trim() !== '') problems.push(`There are changes that are not committed:\n${status}`);
  if (branch !== 'main' && !tags.includes(`v${version}`)) {
    problems.push(
      `This is ${branch === '' ? 'no branch' : `the branch "${branch}"`}: releases are made from main, or from the tag v${version}.`,
    );
  }
  if (heading?.[1] !== version || !heading[0].includes(' - ')) {
    problems.push(
      `package.json has the version ${version}, and CHANGELOG.md's newest release is ${heading?.[0] ?? 'none'}: write "## [${version}] - <date>" above what changed.`,
    );
  }
  if (repository === undefined) {
    problems.push(
      'package.json has no "repository": npm gives no provenance to a package that does not name where its sources are.',
    );
  }
  return problems;
}

/** Whether a file belongs into the package. Path as npm tells it, without `package/`. */
export function isExpectedFile(path: string): boolean {
  if (/\.(map|tsbuildinfo|log|tgz|env|pem|key)$/.test(path)) return false;
  return /^(dist\/|public\/models\/|(docs\/[\w-]+\.md|LICENSE|README\.md|CHANGELOG\.md|SECURITY\.md|THIRD_PARTY\.md|package\.json|custom-elements\.json)$)/.test(
    path,
  );
}

/** Whether this process may ask a CI's identity service for the token that signs provenance. */
export function canProveOrigin(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, SIGSTORE_ID_TOKEN: token } = environment;
  return environment['CI'] !== undefined && (url !== undefined || token !== undefined);
}

/** What `npm audit` came to: of what is shipped, of tools alone, or why there is no answer. */
export type Audit =
  | { readonly shipped: readonly string[]; readonly tools: readonly string[] }
  | { readonly unreachable: string };

/**
 * Reads what `npm audit --json` prints.
 *
 * @param shipped Names of packages inside this one, or installed with it: all others are tools that made it.
 */
export function readAudit(output: string, shipped: readonly string[]): Audit {
  let answer: {
    readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
    readonly message?: string;
  };
  try {
    answer = JSON.parse(output) as typeof answer;
  } catch {
    return { unreachable: output.trim() === '' ? 'npm audit printed nothing' : output.trim() };
  }
  if (!answer.vulnerabilities) return { unreachable: answer.message ?? output };
  const found = Object.entries(answer.vulnerabilities).map(
    ([name, { severity }]) => [name, `${name} (${severity})`] as const,
  );
  return {
    shipped: found.flatMap(([name, text]) => (shipped.includes(name) ? [text] : [])),
    tools: found.flatMap(([name, text]) => (shipped.includes(name) ? [] : [text])),
  };
}

/** Packages in the table of THIRD_PARTY.md, as `name@version`. */
export function listBundled(thirdParty: string): string[] {
  const rows = thirdParty.matchAll(/^\| (\S+) +\| (\d\S*) +\|/gm);
  return [...rows].map(([, name = '', version = '']) => `${name}@${version}`);
}

/** A CycloneDX document as npm makes it, as far as it is read here. */
export interface Sbom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * Narrows npm's list of everything that is installed here to what is inside the package or installed with it.
 *
 * @param shipped As `name@version`.
 */
export function narrowSbom(sbom: Sbom, name: string, shipped: readonly string[]): Sbom {
  const [root] = sbom.dependencies.filter(({ ref }) => ref.startsWith(`${name}@`));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => shipped.includes(ref))
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((other) => shipped.includes(other)),
    }));
  return {
    ...sbom,
    // npm takes the folder's name.
    metadata: { ...sbom.metadata, component: { ...sbom.metadata.component, name } },
    components: sbom.components.filter((component) => shipped.includes(component['bom-ref'])),
    dependencies: root
      ? [{ ref: root.ref, dependsOn: [...shipped] }, ...dependencies]
      : dependencies,
  };
}
