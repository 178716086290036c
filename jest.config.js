/** One project a suite; `test/support/run.mjs` chooses which run. Every `*.test.ts` lies in exactly one of them (structure test). */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }] },
  modulePathIgnorePatterns: ['<rootDir>/(dist|reports|\\.cache|\\.stryker-tmp)/'],
};
const project = (name) => ({ ...base, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`] });

export default {
  projects: ['unit', 'structure', 'contract', 'laws', 'docs', 'integration'].map(project),
};
