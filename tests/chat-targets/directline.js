// nlp.js behind its own Direct Line connector; only the corpus is ours.
const { dockStart } = require(`${process.cwd()}/node_modules/@nlpjs/basic`);
const intents = [
  ['open', ['when are you open', 'opening hours'], 'We are open from nine to six.'],
  ['order', ['where is my order', 'order status'], 'Your order left our warehouse today.'],
  ['person', ['talk to a person', 'human please'], 'I am handing you over to a colleague.'],
];
(async () => {
  const port = Number(process.env.PORT);
  const dock = await dockStart({
    settings: {
      nlp: { languages: ['en'], autoSave: false, modelFileName: '', threshold: 0.6, nlu: { log: false } },
      'api-server': { port, serveBot: false },
      directline: { log: false, serviceUrl: `http://127.0.0.1:${port}` },
    },
    use: ['Basic', 'LangEn', 'ExpressApiServer', 'DirectlineConnector'],
  });
  const nlp = dock.get('nlp');
  for (const [name, asked, answer] of intents) {
    asked.forEach((text) => nlp.addDocument('en', text, name));
    nlp.addAnswer('en', name, answer);
  }
  await nlp.train();
})();
