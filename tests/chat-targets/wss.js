// npm's ws behind TLS with a certificate of our own making (KEY, CERT), in Botkit's format: long
// messages in fragments, and it closes with the code it is told.
const fs = require('fs');
const https = require('https');
const { WebSocketServer } = require(`${process.cwd()}/node_modules/ws`);
const web = https.createServer({ key: fs.readFileSync(process.env.KEY), cert: fs.readFileSync(process.env.CERT) });
// The path says what becomes of the subprotocols that the client names.
const choose = { handleProtocols: (asked, q) => (q.url === '/none' ? false : q.url === '/other' ? 'other.v9' : [...asked][0]) };
new WebSocketServer({ server: web, ...choose }).on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const m = JSON.parse(data);
    if (m.type !== 'message') return;
    const code = /^close (\d+)/.exec(m.text);
    if (code) { socket.close(Number(code[1]), 'as you wish'); return; }
    const reply = Buffer.from(JSON.stringify({ type: 'message', text: `Got: ${m.text}. ${'ä'.repeat(70000)}` }));
    for (let at = 0; at < reply.length; at += 9999)
      socket.send(reply.subarray(at, at + 9999), { binary: false, fin: at + 9999 >= reply.length });
  });
});
web.listen(Number(process.env.PORT));
