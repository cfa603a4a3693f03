/**
 * Control characters (C0 without the line feed, DEL, C1), marks that turn the direction of writing, and what some
 * terminals take as the end of a line.
 */

const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * Text of unknown origin as a terminal may show it: characters that would steer the terminal, or make a line read as
 * another one, stand as `\u001b`. Names and values from files and databases can hold anything.
 */
export const visible = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
