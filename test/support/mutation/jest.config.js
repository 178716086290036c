import config from '../../../jest.config.js';

/** The tests that a mutant meets after the laws. */
const { displayName: _, ...base } = config.projects[0];

export default {
  ...base,
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/unit/detection/**/*.test.ts'],
  // The mutation tool works in a folder that is left out otherwise.
  modulePathIgnorePatterns: ['<rootDir>/(dist|reports|\\.cache)/'],
};
