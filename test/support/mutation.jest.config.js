import config from '../../jest.config.js';

/** What kills mutants of the engine: its unit tests and the laws. One project, since the mutation tool measures coverage by test in one only. */
const { displayName: _, ...base } = config.projects[0];

export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/test/unit/detection/**/*.test.ts', '<rootDir>/test/laws/**/*.test.ts'] };
