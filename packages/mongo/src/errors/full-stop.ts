/** A text of somebody else as the end of a sentence: with one full stop, whether it brings its own or not. */
export const fullStop = (text: string): string => `${text.replace(/[\s.]+$/, '')}.`
