// Reads PowerShell scripts with a grammar of the language and names every place that it cannot read. Exit code 1 when there is one.
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load('node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm'));

let bad = 0;
for (const file of process.argv.slice(2)) {
  const waiting = [parser.parse(readFileSync(file, 'utf8')).rootNode];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node.isError || node.isMissing) {
      bad++;
      console.log(`${file}:${node.startPosition.row + 1}: ${node.isMissing ? `missing ${node.type}` : node.text.slice(0, 80)}`);
    } else if (node.hasError) waiting.push(...node.children.filter(child => child !== null));
  }
}
process.exit(bad > 0 ? 1 : 0);
