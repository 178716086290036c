/** One project a tier; `test/support/run.mjs` chooses which run. Every `*.test.ts` lies in exactly one of them (structure test). */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }] },
};
const project = (name, extra = {}) => ({ ...base, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`], ...extra });

export default {
  projects: [project('unit'), project('structure'), project('contract'), project('laws'), project('docs'), project('integration')],
};
