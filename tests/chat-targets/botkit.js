// Botkit with its web adapter: WebSocket and webhook on one port; only the dialogue is ours.
const modules = `${process.cwd()}/node_modules`;
const { Botkit } = require(`${modules}/botkit`);
const { WebAdapter } = require(`${modules}/botbuilder-adapter-web`);
const bot = new Botkit({ webhook_uri: '/api/messages', adapter: new WebAdapter({}), disable_console: true });
bot.ready(() => {
  bot.on('hello', (b, m) => b.reply(m, 'Welcome!'));
  bot.on('welcome_back', (b, m) => b.reply(m, 'Welcome back!'));
  bot.hears(/choose/, 'message', (b, m) => b.reply(m, {
    text: 'Which one?', quick_replies: [{ title: 'Kettle', payload: 'k' }, { title: 'Toaster', payload: 't' }] }));
  bot.hears(/think/, 'message', async (b, m) => {
    await b.reply(m, { type: 'typing' });
    await new Promise((done) => setTimeout(done, 600));
    await b.reply(m, 'I have thought about it.');
  });
  bot.hears(/ask: /, 'message', (b, m) => b.reply(m, m.text.split('ask: ')[1]));
  bot.on('message', (b, m) => b.reply(m, `Got: ${m.text}.`));
});
