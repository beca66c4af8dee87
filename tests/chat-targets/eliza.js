// ELIZA (npm's elizabot) behind Rasa's REST channel. Who she is and what she says is elizabot's; only the
// exchange is ours: one bot for each sender, and none for an empty message, as Rasa answers.
const http = require('http');
const Eliza = require(`${process.cwd()}/node_modules/elizabot`);
const bots = new Map();
http.createServer((q, a) => {
  let body = '';
  q.on('data', (d) => { body += d; });
  q.on('end', () => {
    const { sender, message } = JSON.parse(body);
    if (!bots.has(sender)) bots.set(sender, new Eliza(true));
    const answers = message ? [{ recipient_id: sender, text: bots.get(sender).transform(message) }] : [];
    a.writeHead(q.url === '/webhooks/rest/webhook' ? 200 : 404, { 'Content-Type': 'application/json' });
    a.end(JSON.stringify(answers));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
