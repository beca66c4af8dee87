// mock-llm: OpenAI's chat completions, streamed in pieces of 12 characters.
const path = require('path');
process.env.HOST = '127.0.0.1';
process.argv.push('--config', path.join(__dirname, 'openai.yaml'));
require(path.join(process.cwd(), 'node_modules/@dwmkerr/mock-llm/dist/main.js'));
