// offline-directline in front of the bot of connector.js (Microsoft's botbuilder): Direct Line with cards.
const http = require('http');
const path = require('path');
const modules = `${process.cwd()}/node_modules`;
const express = require(`${modules}/express`);
const { getRouter } = require(`${modules}/offline-directline/dist/bridge`);
const port = Number(process.env.PORT);
const free = http.createServer().listen(0, '127.0.0.1', () => {
  const bot = free.address().port;
  free.close(() => {
    process.env.PORT = String(bot);
    require(path.join(__dirname, 'connector.js'));
    const app = express();
    app.use(getRouter(`http://127.0.0.1:${port}`, `http://127.0.0.1:${bot}/api/messages`));
    app.listen(port);
  });
});
