/** What an error of the system means to whoever named a file or folder to be read. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EISDIR', 'is a folder, not a file'],
  ['ENOTDIR', 'is a file, not a folder'],
  ['EACCES', 'may not be read by this user'],
  ['ELOOP', 'is a link that leads to itself'],
  ['Z_BUF_ERROR', 'the gzip data are cut off'],
  ['Z_DATA_ERROR', 'holds no gzip data, or broken ones'],
]);

/** Why something could not be read, in words to stand behind its path; what has no words is told by its code. */
export function whyUnreadable(cause: unknown): string {
  const { code = 'unreadable' } = cause as NodeJS.ErrnoException;
  return WORDS.get(code) ?? `cannot be read (${code})`;
}
