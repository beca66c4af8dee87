// A bot on Microsoft's botbuilder, which answers by calling the service URL of whoever wrote to it;
// only the dialogue is ours.
const modules = `${process.cwd()}/node_modules`;
const express = require(`${modules}/express`);
const { CloudAdapter, ConfigurationBotFrameworkAuthentication, MessageFactory, ActionTypes, CardFactory } =
  require(`${modules}/botbuilder`);
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
adapter.onTurnError = async (context, error) => { console.log(error); };

const app = express();
app.use(express.json());
app.post('/api/messages', (q, a) => adapter.process(q, a, async (context) => {
  const { type, text } = context.activity;
  if (type === 'endOfConversation') console.log('the customer left');
  if (type !== 'message') return;
  if (/choose/.test(text)) {
    await context.sendActivity(MessageFactory.suggestedActions(
      ['Kettle', 'Toaster'].map((w) => ({ type: ActionTypes.ImBack, title: w, value: w })), 'Which one?'));
  } else if (/show/.test(text)) {
    await context.sendActivity({ attachments: [
      CardFactory.heroCard('Kettle', 'Out of stock', ['http://127.0.0.1/kettle.png'], ['Tell me when']),
      CardFactory.adaptiveCard({ type: 'AdaptiveCard', version: '1.5', body: [
        { type: 'TextBlock', text: 'Your order' },
        { type: 'ColumnSet', columns: [{ type: 'Column', items: [
          { type: 'FactSet', facts: [{ title: 'Number:', value: 'A-10442' }] }] }] },
        { type: 'Input.Text', id: 'note', placeholder: 'A note for us' }],
      actions: [{ type: 'Action.Submit', title: 'Send it' }] }),
      { contentType: 'application/pdf', contentUrl: 'http://127.0.0.1/i.pdf', name: 'invoice.pdf' }] });
  } else if (/think/.test(text)) {
    await context.sendActivities([{ type: 'typing' }, { type: 'delay', value: 300 },
      { type: 'message', text: 'I have thought about it.' }]);
  } else {
    await context.sendActivity(`Got: ${text}.`);
  }
}));
app.listen(Number(process.env.PORT));
