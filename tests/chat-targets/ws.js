// npm's ws, in Botkit's format: says back what it heard, in fragments with a ping between them.
// Every message it hears is a line of the file HEARD.
const fs = require('fs');
const { WebSocketServer } = require(`${process.cwd()}/node_modules/ws`);
const server = new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1' });
server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const m = JSON.parse(data);
    if (m.type !== 'message') return;
    fs.appendFileSync(process.env.HEARD, `${m.user} ${m.text}\n`);
    const reply = JSON.stringify({ type: 'message', text: `Got: ${m.text}.` });
    socket.send(reply.slice(0, 9), { fin: false });
    socket.ping('still there?');
    socket.send(reply.slice(9), { fin: true });
  });
});
