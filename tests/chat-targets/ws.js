// npm's ws, in Botkit's format: says back what it heard, in fragments with a ping between them; closes
// with the code it is told.
// Every message it hears is a line of the file HEARD.
const fs = require('fs');
const { WebSocketServer } = require(`${process.cwd()}/node_modules/ws`);
// The path says what becomes of the subprotocols that the client names.
const choose = { handleProtocols: (asked, q) => (q.url === '/none' ? false : q.url === '/other' ? 'other.v9' : [...asked][0]) };
const server = new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1', ...choose });
server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const m = JSON.parse(data);
    if (m.type !== 'message') return;
    if (/^close \d+/.test(m.text)) { socket.close(Number(m.text.slice(6)), 'as you wish'); return; }
    fs.appendFileSync(process.env.HEARD, `${m.user} ${m.text}\n`);
    const reply = JSON.stringify({ type: 'message', text: `Got: ${m.text}.` });
    socket.send(reply.slice(0, 9), { fin: false });
    socket.ping('still there?');
    socket.send(reply.slice(9), { fin: true });
  });
});
