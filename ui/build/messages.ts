// Turns the macros of Lingui into calls, and reads the ICU of each English message while the program is built, so that it need not at run time.
import { type PluginItem, transformAsync, types as syntax } from '@babel/core';
import macros from '@lingui/babel-plugin-lingui-macro';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/** The macros of one file. English stays in the code: it needs no catalogue, and what has no translation is shown in it. */
export function messages(): Plugin {
  return {
    name: 'vigil-messages',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: /@lingui\/(?:core|react)\/macro/ },
      async handler(code, id) {
        const made = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: ['typescript', ...(id.endsWith('x') ? ['jsx' as const] : [])] },
          plugins: [[macros as PluginItem, { stripMessageField: false }] as PluginItem, readIcu],
        });
        return made?.code == null ? null : { code: made.code, map: made.map ?? null };
      },
    },
  };
}

/** `{ id, message: 'Locks in {seconds} s' }` becomes `{ id, message: ['Locks in ', ['seconds'], ' s'] }`, which the run time takes as it is. */
function readIcu(): { name: string; visitor: Record<string, unknown> } {
  return {
    name: 'vigil-read-icu',
    visitor: {
      Program: {
        exit(program: { traverse: (visitor: Record<string, unknown>) => void }) {
          program.traverse({
            ObjectExpression({ node }: { node: syntax.ObjectExpression }) {
              const fields = node.properties.filter((one) => one.type === 'ObjectProperty');
              const named = (name: string) => fields.find((one) => one.key.type === 'Identifier' && one.key.name === name);
              const message = named('message');
              if (named('id')?.value.type !== 'StringLiteral' || message?.value.type !== 'StringLiteral') return;
              const read = compileMessage(message.value.value);
              if (typeof read !== 'string') message.value = syntax.valueToNode(read);
            },
          });
        },
      },
    },
  };
}
