// Globals of k6 that @types/k6 does not declare.
declare const console: { log(line: string): void };
declare function setTimeout(callback: () => void, milliseconds: number): number;
