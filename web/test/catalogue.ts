// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessage } from '@lingui/message-utils/compileMessage';

export function readCatalogue(sources: string, language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(sources, `locales/${language}.json`), 'utf8')) as Record<string, string>;
}

export function textBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return textBelow(path);
      return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

/** The names that a message wants filled in; a compiled argument is [name, kind?, choices?]. */
export function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const walk = (parts: unknown): void => {
    if (!Array.isArray(parts)) return;
    for (const part of parts as unknown[]) {
      if (!Array.isArray(part)) continue;
      names.add(String(part[0]));
      for (const choice of Object.values((part[2] ?? {}) as object)) walk(choice);
    }
  };
  walk(compileMessage(message));
  return [...names].sort();
}
