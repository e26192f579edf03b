// SPDX-License-Identifier: Apache-2.0
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/** Turns a catalogue of ICU messages into lingui's compiled form, so that no parser is sent to the browser. */
export function compiledCatalogues(): Plugin {
  return {
    name: 'aula-compiled-catalogues',
    enforce: 'pre',
    transform(text, id) {
      if (!/\/locales\/[a-z]+\.json$/.test(id)) return null;
      const messages = Object.entries(JSON.parse(text) as Record<string, string>);
      const compiled = Object.fromEntries(messages.map(([key, message]) => [key, compileMessage(message)]));
      return { code: JSON.stringify(compiled), map: null };
    },
  };
}
