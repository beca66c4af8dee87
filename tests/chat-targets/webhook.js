// A company that answers by calling back. What it calls and how it signs is npm's standardwebhooks;
// only the dialogue is ours.
const http = require('http');
const { Webhook } = require(`${process.cwd()}/node_modules/standardwebhooks`);
const secret = 'whsec_' + Buffer.from('sixteen bytes or more').toString('base64');
let calls = 0;

function call(url, data, { id = `msg_${++calls}`, key = secret, type = 'message.created' } = {}) {
  const at = new Date();
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  return new Promise((done) => {
    const q = http.request(url, { method: 'POST', headers: {
      'Content-Type': 'application/json', 'webhook-id': id,
      'webhook-timestamp': Math.floor(at.getTime() / 1000),
      'webhook-signature': new Webhook(key).sign(id, at, body) } },
    (a) => { console.log(`${id} ${data.conversation} ${a.statusCode}`); a.resume(); a.on('end', done); });
    q.on('error', done);
    q.end(body);
  });
}

const other = 'whsec_' + Buffer.from('somebody else altogether').toString('base64');
async function answer({ conversation, text, callback }) {
  const say = (words, how, whose = conversation) =>
    call(callback, { conversation: whose, id: `m${++calls}`, text: words }, how);

  if (text === 'forge') await say('This is not the company.', { key: other });
  if (text === 'strange') await say('This is for somebody else.', {}, 'nobody-here');
  if (text === 'twice') {
    const id = `msg_${++calls}`;
    await say('Twice.', { id });
    await say('Twice.', { id });
  }
  if (text === 'bye') await call(callback, { conversation }, { type: 'conversation.closed' });
  else await say(`Got: ${text}.`);
}

http.createServer((q, a) => {
  let body = '';
  q.on('data', (d) => { body += d; });
  q.on('end', () => {
    a.writeHead(202).end();
    if (q.method === 'DELETE') {
      console.log(`left ${q.url}`);
      return;
    }
    setTimeout(() => answer(JSON.parse(body)), 20);
  });
}).listen(Number(process.env.PORT));
