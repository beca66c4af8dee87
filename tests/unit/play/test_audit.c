/* The player against a scripted company on a virtual clock: what the customer says, how long they
 * wait, when they leave. Each row's `want` is the transcript in short, one word per event:
 *   >text  the customer said    <text  the company    W waits    G gave up    F failed    N note
 *   [met] [unmet] [skipped] [failed]   the end of a step
 * and the whole journey's virtual duration in seconds. */
#include "tests/unit/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/load.h"
#include "harness/play/audit.h"
#include "tests/unit/play/fake_channels.h"
#include "tests/unit/read/packs.h"

#define HEAD "journey: t\nlanguage: en\ncustomer: {name: Maya L, email: maya@shopper.test, " \
             "knows: {order_number: A-10442, postcode: \"90402\"}, patience: {reply: 30s, " \
             "repeats: 2}}\ncompany: {name: K, hosts: [localhost]}\n" \
             "goal: {solved: refund is approved}\n"
#define MAIL_OF(company, script) "journey: t\nlanguage: en\ncustomer: {name: Maya L, email: " \
    "maya@shopper.test}\ncompany: {name: K, hosts: [localhost]" company "}\n" \
    "channels: {inbox: {type: email, script: \"" script "\"}}\n"
#define MAIL(script) MAIL_OF("", script)
#define MAIL_PUBLISHED(script) MAIL_OF(", promises: {email: {first_reply: 1h}}", script)
#define MAIL_HOURS(script) MAIL_OF(", hours: {zone: Europe/Berlin, days: {mon-fri: \"09:00-17:00\"}, " \
                                   "holidays: [01-01]}", script)
#define CHASE "steps: [{send: inbox, text: It leaks.}, {chase: inbox, text: Any news?}"
#define CHAT(script) HEAD "channels: {chat: {type: chat, script: \"" script "\"}}\n"
#define SAY CHAT_STEPS("until: goal")
#define CHAT_STEPS(more) "steps: [{say: chat, text: My kettle leaks., " more "}]\n"

#define LIVE(script) HEAD "channels: {live: {type: live, script: \"" script "\"}}\n"
#define SAY_LIVE(more) "steps: [{say: live, text: My kettle leaks., " more "}"

static const struct row { const char *name, *yaml, *want; int seconds; } rows[] = {
    { "one message and its reply",
      CHAT("2s Hello, we look into it.") CHAT_STEPS("until: once"),
      ">My kettle leaks. <Hello, we look into it. [met]", 2 },
    { "goal met at once",
      CHAT("2s Your refund is approved.") SAY,
      ">My kettle leaks. <Your refund is approved. [met]", 2 },
    { "answers what it is asked",
      CHAT("2s What is your order number? | 1s Your refund is approved.") SAY,
      ">My kettle leaks. <What is your order number? >~A-10442 <Your refund is approved. [met]",
      4 },
    { "two questions in one message",
      CHAT("2s Please give me your order number and your postcode. | "
           "1s Your refund is approved.") SAY,
      ">My kettle leaks. <Please give me your order number and your postcode. >~A-10442~90402 "
      "<Your refund is approved. [met]", 4 },
    { "several messages are one turn",
      CHAT("1s One moment.&300ms What is your order number? | 1s Your refund is approved.") SAY,
      ">My kettle leaks. <One moment. <What is your order number? >~A-10442 "
      "<Your refund is approved. [met]", 3 },
    { "no reply: leaves after the patience",
      CHAT("-") SAY, ">My kettle leaks. G [unmet]", 30 },
    { "`within` of the step beats the patience",
      CHAT("-") CHAT_STEPS("until: goal, within: 5s"), ">My kettle leaks. G [unmet]", 5 },
    { "the company closes",
      CHAT("close") SAY, ">My kettle leaks. F [failed]", 0 },
    { "our side breaks",
      CHAT("ours") SAY, ">My kettle leaks. F [failed]", 0 },
    { "asked again and again: leaves",
      CHAT("1s What is your order number?") SAY,
      ">My kettle leaks. <What is your order number? >~A-10442 <What is your order number? "
      ">~A-10442 <What is your order number? >~A-10442 <What is your order number? G [unmet]", 6 },
    { "a reply rule overrides",
      CHAT("1s Chat or phone? | 1s Your refund is approved.")
      CHAT_STEPS("until: goal, replies: [{match: phone, text: Chat please.}]"),
      ">My kettle leaks. <Chat or phone? >Chat please. <Your refund is approved. [met]", 3 },
    { "a step that needs what was never given is skipped",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., save: {ticket: 'K-\\d+'}}, "
      "{say: chat, text: \"About {{ ticket }}\"}]\n",
      ">Hi. <Hello. F(nothing to save as \"ticket\"; the company said: Hello.) [unmet] N [skipped]", 1 },
    { "a saved reference is used",
      CHAT("1s Your ticket is K-77.") "steps: [{say: chat, text: Hi., save: {ticket: "
      "'(K-\\d+)'}}, {say: chat, text: \"About {{ ticket }}\"}]\n",
      ">Hi. <Your ticket is K-77. [met] >About K-77 <Your ticket is K-77. [met]", 3 },
    { "when: a condition that is not met",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., when: \"no\"}]\n", "[skipped]", 0 },
    { "repeat",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., repeat: 2}]\n",
      ">Hi. <Hello. [met] >Hi. <Hello. [met]", 3 },
    { "expect that is not met",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., expect: {contains: [goodbye]}}]\n",
      ">Hi. <Hello. F(expected to hear \"goodbye\"; the company said: Hello.) [unmet]", 1 },
    { "not understood: once in other words, then leaves",
      CHAT("1s Sorry, I did not understand that.") SAY,
      ">My kettle leaks. <Sorry, I did not understand that. >~ <Sorry, I did not understand that. "
      "G [unmet]", 3 },
    { "not understood: asks for a person when the script wants one",
      CHAT("1s Sorry, I did not understand that. | 1s Sorry, I did not understand that. | "
           "1s I'll put you through to a colleague.&3s Your refund is approved.")
      CHAT_STEPS("until: goal, human: true"),
      ">My kettle leaks. <Sorry, I did not understand that. >~ <Sorry, I did not understand that. "
      ">~ <I'll put you through to a colleague. <Your refund is approved. [met]", 7 },
    { "handed over, and the colleague comes at once",
      CHAT("1s I'll put you through to a colleague.&300ms Your refund is approved.")
      CHAT_STEPS("until: answer"),
      ">My kettle leaks. <I'll put you through to a colleague. <Your refund is approved. [met]", 1 },
    { "handed over, and asked to wait",
      CHAT("1s I'll put you through to a colleague.&300ms They are on their way.&9s Your refund is "
           "approved.") CHAT_STEPS("until: answer"),
      ">My kettle leaks. <I'll put you through to a colleague. <They are on their way. <Your refund "
      "is approved. [met]", 10 },
    { "a button for what it is asked and knows",
      CHAT("1s What is your postcode? {10115/90402 (that is you)} | 1s Your refund is approved.")
      SAY, ">My kettle leaks. <What is your postcode?  >90402 (that is you) "
      "<Your refund is approved. [met]", 3 },
    { "a button near to what the customer came with",
      CHAT("1s How can we help? {Opening hours/Kettles and toasters/Jobs} | "
           "1s Your refund is approved.") SAY,
      ">My kettle leaks. <How can we help?  >Kettles and toasters <Your refund is approved. [met]",
      3 },
    { "a button near to the goal",
      CHAT("1s How can we help? {Opening hours/Refunds/Jobs} | 1s Your refund is approved.") SAY,
      ">My kettle leaks. <How can we help?  >Refunds <Your refund is approved. [met]", 3 },
    { "a button for everything else",
      CHAT("1s How can we help? {Opening hours/Jobs/Something else} | 1s Your refund is approved.")
      SAY, ">My kettle leaks. <How can we help?  >Something else <Your refund is approved. [met]",
      3 },
    { "no button will do",
      CHAT("1s Pick one, please. {Opening hours/Jobs}") SAY,
      ">My kettle leaks. <Pick one, please.  >~kettle <Pick one, please.  >~ <Pick one, please.  "
      "G [unmet]", 4 },
    { "the same for ever: leaves",
      CHAT("1s Please choose. {Kettles}") SAY,
      ">My kettle leaks. <Please choose.  >Kettles <Please choose.  >Kettles <Please choose.  "
      ">Kettles <Please choose.  G [unmet]", 6 },
    { "goodbye", CHAT("1s Your refund is approved. | -") CHAT_STEPS("until: goal, goodbye: true"),
      ">My kettle leaks. <Your refund is approved. >Thanks, goodbye. [met]", 2 },
    { "goodbye, and the company closes",
      CHAT("1s Your refund is approved. Is there anything else I can do for you? | close")
      CHAT_STEPS("until: goal, goodbye: true"),
      ">My kettle leaks. <Your refund is approved. Is there anything else I can do for you? "
      ">No, that's all, thank you. F [met]", 1 },
    { "expect: nothing asked",
      CHAT("1s What is your order number?") "steps: [{say: chat, text: Hi., expect: "
      "{asks_nothing: true}}]\n", ">Hi. <What is your order number? "
      "F(expected to be asked for nothing, not for the order number; the company said: What is your "
      "order number?) [unmet]", 1 },
    { "expect: nothing asked, and the message that asks is named",
      CHAT("1s What is your order number?&300ms Thank you.") "steps: [{say: chat, text: Hi., expect: "
      "{asks_nothing: true}}]\n", ">Hi. <What is your order number? <Thank you. "
      "F(expected to be asked for nothing, not for the order number; the company said: What is your "
      "order number?) [unmet]", 1 },
    { "expect: nothing asked, and nothing is",
      CHAT("1s We are open until nine.") "steps: [{say: chat, text: Hi., expect: {asks_nothing: true}}]"
      "\n", ">Hi. <We are open until nine. [met]", 1 },
    { "expect: matches, in any message of the turn",
      CHAT("1s Your ticket is K-77.&300ms Bye now.") "steps: [{say: chat, text: Hi., expect: "
      "{matches: 'K-\\d+'}}]\n", ">Hi. <Your ticket is K-77. <Bye now. [met]", 1 },
    { "expect: matches, and nothing does",
      CHAT("1s Your ticket is lost.&300ms Bye now.") "steps: [{say: chat, text: Hi., expect: "
      "{matches: ['K-\\d+', lost]}}]\n", ">Hi. <Your ticket is lost. <Bye now. "
      "F(expected something that matches /K-\\d+/; the company said: Bye now.) [unmet]", 1 },
    { "expect: contains, whatever the case and the accents",
      CHAT("1s Das Café ist GEÖFFNET.") "steps: [{say: chat, text: Hi., expect: "
      "{contains: [cafe, geöffnet]}}]\n", ">Hi. <Das Café ist GEÖFFNET. [met]", 1 },
    { "expect: contains, and one is missing",
      CHAT("1s We are open.") "steps: [{say: chat, text: Hi., expect: {contains: [open, Sunday]}}]\n",
      ">Hi. <We are open. F(expected to hear \"Sunday\"; the company said: We are open.) [unmet]", 1 },
    { "expect: one of, and it is",
      CHAT("1s Ciao, bella.") "steps: [{say: chat, text: Hi., expect: {one_of: [Bye, ciao]}}]\n",
      ">Hi. <Ciao, bella. [met]", 1 },
    { "expect: language",
      CHAT("1s We have received your message and will look into it.") "steps: [{say: chat, text: Hi., "
      "expect: {language: en}}]\n",
      ">Hi. <We have received your message and will look into it. [met]", 1 },
    { "expect: language, and it is another",
      CHAT("1s Wir haben Ihre Nachricht erhalten und melden uns bald bei Ihnen.&300ms OK?")
      "steps: [{say: chat, text: Hi., expect: {language: en}}]\n",
      ">Hi. <Wir haben Ihre Nachricht erhalten und melden uns bald bei Ihnen. <OK? "
      "F(expected an answer in language \"en\", not \"de\"; the company said: Wir haben Ihre Nachricht "
      "erhalten und melden uns bald bei Ihnen.) [unmet]", 1 },
    { "expect: within, and it is",
      CHAT("1s Hello.&3s Sorry, more.") "steps: [{say: chat, text: Hi., expect: {within: 2s}}]\n",
      ">Hi. <Hello. [met]", 1 },
    { "save by pattern: the group, else the whole",
      CHAT("1s Ticket K-77 for Maya.") "steps: [{say: chat, text: Hi., save: {ticket: '[A-Z]-\\d+', who: "
      "'for (\\w+)'}}, {say: chat, text: \"{{ ticket }} of {{ who }}\"}]\n",
      ">Hi. <Ticket K-77 for Maya. [met] >K-77 of Maya <Ticket K-77 for Maya. [met]", 2 },
    { "save by pattern, and nothing fits",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., save: {ticket: 'K-\\d+'}}, {say: chat, text: "
      "\"About {{ ticket }}\"}]\n", ">Hi. <Hello. F(nothing to save as \"ticket\"; the company said: "
      "Hello.) [unmet] N [skipped]", 1 },
    { "somebody types: the turn is not over",
      CHAT("1s One moment.&300ms (typing)&4s What is your order number? | 1s Your refund is approved.")
      SAY, ">My kettle leaks. <One moment. <What is your order number? >~A-10442 "
      "<Your refund is approved. [met]", 6 },
    { "somebody types, and nothing comes of it",
      CHAT("1s What is your order number?&300ms (typing) | 1s Your refund is approved.")
      SAY, ">My kettle leaks. <What is your order number? >~A-10442 "
      "<Your refund is approved. [met]", 12 },
    { "expect: handed over",
      CHAT("1s Hello.") "steps: [{say: chat, text: Hi., expect: {hands_over: true}}]\n",
      ">Hi. <Hello. F(expected to be handed over to a person; the company said: Hello.) [unmet]", 1 },
    { "expect: handed over, and it is",
      CHAT("1s I'll put you through to a colleague.") "steps: [{say: chat, text: Hi., expect: "
      "{hands_over: true, asks_nothing: true}}]\n",
      ">Hi. <I'll put you through to a colleague. [met]", 1 },
    { "expect: one of", CHAT("1s Hello.") "steps: [{say: chat, text: Hi., expect: {one_of: "
      "[Bye, Ciao]}}]\n", ">Hi. <Hello. F(expected to hear one of \"Bye\", \"Ciao\"; the company "
      "said: Hello.) [unmet]", 1 },
    { "expect: within", CHAT("4s Hello.") "steps: [{say: chat, text: Hi., expect: {within: 2s}}]\n",
      ">Hi. <Hello. F(expected an answer within 2 s, it took 4 s; the company said: Hello.) [unmet]",
      4 },
    { "expect: a link, and there is none", CHAT("1s Hello.") "steps: [{say: chat, text: Hi., expect: "
      "{working_link: true}}]\n", ">Hi. <Hello. F(expected a link that works (there is no link); the "
      "company said: Hello.) [unmet]", 1 },
    { "expect: a link, to somebody else", CHAT("1s See http://example.com/x.") "steps: [{say: chat, "
      "text: Hi., expect: {working_link: true}}]\n", ">Hi. <See http://example.com/x. "
      "F(expected a link that works (http://example.com/x is not among the hosts this journey may "
      "contact); the company said: See http://example.com/x.) [unmet]", 1 },
    { "save with jq", CHAT("1s Your ticket is K-77.") "steps: [{say: chat, text: Hi., save: {ticket: "
      "'jq: .[-1].text | capture(\"(?<t>K-[0-9]+)\").t'}}, {say: chat, text: \"About {{ ticket }}\"}]"
      "\n", ">Hi. <Your ticket is K-77. [met] >About K-77 <Your ticket is K-77. [met]", 3 },
    { "save with jq that fails", CHAT("1s Hello.") "steps: [{say: chat, text: Hi., save: {ticket: "
      "'jq: .[0].text | tonumber'}}]\n", ">Hi. <Hello. N F(nothing to save as \"ticket\"; the "
      "company said: Hello.) [unmet]", 1 },
    { "leave is taken at the end", LIVE("1s Your refund is approved.") SAY_LIVE("until: goal") "]\n",
      ">My kettle leaks. <Your refund is approved. [met] LEAVE", 1 },
    { "leave is taken by who gives up, when no step comes back",
      LIVE("-") SAY_LIVE("until: goal") ", {pause: 10s}]\n",
      ">My kettle leaks. G LEAVE [unmet] [met]", 40 },
    { "but not while a step will come back",
      LIVE("-") SAY_LIVE("until: goal") ", {say: live, text: Hello?}]\n",
      ">My kettle leaks. G [unmet] >Hello? G LEAVE [unmet]", 60 },
    { "leave is taken after a goodbye",
      LIVE("1s Your refund is approved. | -") SAY_LIVE("until: goal, goodbye: true")
      ", {pause: 10s}]\n", ">My kettle leaks. <Your refund is approved. >Thanks, goodbye. LEAVE [met] [met]", 12 },
    { "no leave is taken of a company that has closed",
      LIVE("close") SAY_LIVE("until: goal") "]\n", ">My kettle leaks. F [failed]", 0 },
    { "leave is taken when a check fails",
      LIVE("1s Hello.") SAY_LIVE("expect: {contains: Bye}") "]\n", ">My kettle leaks. <Hello. "
      "F(expected to hear \"Bye\"; the company said: Hello.) [unmet] LEAVE", 1 },
    { "leave is taken when our side breaks elsewhere",
      HEAD "channels: {live: {type: live, script: \"1s Hello.\"}, chat: {type: chat, script: ours}}\n"
      SAY_LIVE("until: once") ", {say: chat, text: Hi.}]\n",
      ">My kettle leaks. <Hello. [met] >Hi. F [failed] LEAVE", 1 },
    { "who never spoke takes no leave", LIVE("1s Hello.") "steps: [{say: live, text: Hi., when: \"no\"}]\n",
      "[skipped]", 0 },
    { "pause of eight weeks",
      CHAT("1s Hello.") "steps: [{pause: 8w}, {say: chat, text: Hi.}]\n",
      "[met] >Hi. <Hello. [met]", 4838401 },
    { "follow: the first link of the last message that fits",
      HEAD "channels: {chat: {type: chat, script: \"1s See http://a.test/x?reset=1 (or "
      "http://a.test/y?reset=2). | 1s No link here.\"}, web: {type: form, script: \"-\"}}\n"
      "steps: [{say: chat, text: Hi.}, {say: chat, text: Thanks.}, {follow: 'reset=\\d+'}, "
      "{follow: reset=2}, {follow: confirm}]\n",
      ">Hi. <See http://a.test/x?reset=1 (or http://a.test/y?reset=2). [met] >Thanks. "
      "<No link here. [met] >http://a.test/x?reset=1 [met] >http://a.test/y?reset=2 [met] "
      "N [unmet]", 3 },
    { "open and click act on the only form channel",
      HEAD "channels: {web: {type: form, script: \"-\"}}\nsteps: [{open: \"/{{ customer.name }}\"}"
      ", {click: Next}]\n", ">/Maya L [met] >Next [met]", 0 },
    { "wait for mail: nothing sent, nothing to wait for",
      HEAD "channels: {inbox: {type: email, script: \"-\"}}\nsteps: [{wait: inbox, for: answer}]\n",
      "N [skipped]", 0 },
    { "wait for mail: comes late, two days are enough",
      HEAD "channels: {inbox: {type: email, script: \"20h Dear Maya, your refund is approved.\"}}\n"
      "steps: [{send: inbox, subject: Kettle, text: It leaks.}, {wait: inbox, for: answer}]\n",
      ">It leaks. [met] W <Dear Maya, your refund is approved. [met]", 72000 },
    { "wait for mail: never comes",
      HEAD "channels: {inbox: {type: email, script: \"-\"}}\n"
      "steps: [{send: inbox, subject: Kettle, text: It leaks.}, {wait: inbox, for: answer}]\n",
      ">It leaks. [met] W G [unmet]", 172800 },
    { "wait for mail that came while nobody waited",
      HEAD "channels: {inbox: {type: email, script: \"1s We have received your message.\"}}\n"
      "steps: [{send: inbox, subject: Kettle, text: It leaks.}, {pause: 10s}, "
      "{wait: inbox, for: acknowledgement}]\n",
      ">It leaks. [met] <We have received your message. [met] [met]", 10 },
    { "chase: when the time named has passed",
      MAIL("1s We have received your message and will reply within 2 hours. | "
           "1s Your refund is approved.") CHASE ", {wait: inbox, for: answer}]\n",
      ">It leaks. [met] W <We have received your message and will reply within 2 hours. W "
      ">Any news? [met] W <Your refund is approved. [met]", 7262 },
    { "chase: a promise that is kept is not chased",
      MAIL("1s We have received your message and will reply within 2 hours.&1h Your refund is "
           "approved.") CHASE "]\n",
      ">It leaks. [met] W <We have received your message and will reply within 2 hours. W "
      "<Your refund is approved. N [skipped]", 3601 },
    { "chase: what was answered before is not chased",
      MAIL("1s Your refund is approved.") "steps: [{send: inbox, text: It leaks.}, {wait: inbox, "
      "for: answer}, {chase: inbox, text: Any news?}]\n",
      ">It leaks. [met] W <Your refund is approved. [met] N [skipped]", 1 },
    { "chase: two working days, with a holiday and a weekend between",
      MAIL_HOURS("1s We have received your message and will reply within two working days.")
      CHASE "]\n", ">It leaks. [met] W <We have received your message and will reply within two "
      "working days. W >Any news? [met]", 4 * 86400 + 16 * 3600 + 60 },
    { "chase: a new promise takes the place of the old one",
      MAIL("1s We have received your message and will reply within 2 hours.&1h I have asked the "
           "workshop because I am not sure. I will write to you within 5 hours.") CHASE "]\n",
      ">It leaks. [met] W <We have received your message and will reply within 2 hours. W <I have "
      "asked the workshop because I am not sure. I will write to you within 5 hours. W >Any news? "
      "[met]", 3601 + 18000 + 60 },
    { "chase: nothing named, and the customer has waited",
      MAIL("-") "steps: [{send: inbox, text: It leaks.}, {wait: inbox, for: answer, within: 10s}, "
      "{chase: inbox, text: Any news?}]\n", ">It leaks. [met] W G [unmet] >Any news? [met]", 10 },
    { "chase: nothing named: as long as this customer waits for mail",
      MAIL("-") CHASE "]\n", ">It leaks. [met] W >Any news? [met]", 172800 },
    { "chase: no later than its `within`",
      MAIL("1s We have received your message and will reply within 2 weeks.")
      "steps: [{send: inbox, text: It leaks.}, {chase: inbox, text: Any news?, within: 1d}]\n",
      ">It leaks. [met] W <We have received your message and will reply within 2 weeks. "
      ">Any news? [met]", 86400 },
    { "chase: a published time",
      MAIL_PUBLISHED("1s We have received your message.") CHASE "]\n",
      ">It leaks. [met] W <We have received your message. >Any news? [met]", 3660 },
    { "chase: nothing sent, nothing to chase",
      MAIL("-") "steps: [{chase: inbox, text: Any news?}]\n", "N [skipped]", 0 },
};

/* The same, stopped by a signal in the middle. */
#define TWICE(more) "steps: [{say: chat, text: My kettle leaks." more "}, {pause: 1h}, " \
                    "{say: chat, text: Still there?}]\n"

static const struct stop_row { struct row row; int stop_s; } stops[] = {
    { { "stopped: the answer is heard, and the journey ends by itself",
        CHAT("2s What is your order number? | 1s Your refund is approved.") SAY,
        ">My kettle leaks. <What is your order number? >~A-10442 <Your refund is approved. [met]",
        4 }, 1 },
    { { "stopped: nobody answers, and the customer says goodbye",
        CHAT("-") SAY, ">My kettle leaks. >Thanks, goodbye. N", 6 }, 1 },
    { { "stopped: the customer's own patience is over first",
        CHAT("-") SAY, ">My kettle leaks. G [unmet]", 30 }, 28 },
    { { "stopped: a conversation that goes on and on",
        CHAT("2s Which colour? | 2s Which size? | 9s Which shape?")
        CHAT_STEPS("until: goal, replies: [{match: colour, text: Red.}, {match: size, text: Big.}]"),
        ">My kettle leaks. <Which colour? >Red. <Which size? >Big. >Thank you, bye. N", 6 }, 1 },
    { { "stopped between two visits to the same chat",
        CHAT("1s Hello.") TWICE(""), ">My kettle leaks. <Hello. [met] >Goodbye. N", 9 }, 9 },
    { { "stopped: goodbye is said once",
        CHAT("1s Hello.") TWICE(", goodbye: true"),
        ">My kettle leaks. <Hello. >Thanks, goodbye. [met] <Hello. N", 9 }, 9 },
    { { "stopped: there is nobody to say goodbye to",
        CHAT("close") TWICE(""), ">My kettle leaks. F [failed] N", 9 }, 9 },
    { { "stopped: goodbye in the customer's language",
        "journey: t\nlanguage: de\ncustomer: {name: Maya L}\ncompany: {name: K, hosts: [localhost]}\n"
        "channels: {chat: {type: chat, script: \"1s Guten Tag.\"}}\n" TWICE(""),
        ">My kettle leaks. <Guten Tag. [met] >Auf Wiedersehen. N", 9 }, 9 },
    { { "stopped: a goodbye in words, and one in the service's own way",
        LIVE("1s Hello. | 1s Bye.") SAY_LIVE("") ", {pause: 1h}, {say: live, text: Still there?}]\n",
        ">My kettle leaks. <Hello. [met] >Goodbye. N LEAVE", 9 }, 9 },
    { { "stopped: in two chats at once",
        HEAD "channels: {chat: {type: chat, script: 1s Hello.}, live: {type: live, script: 1s Hi.}}\n"
        "steps: [{say: chat, text: My kettle leaks.}, {say: live, text: It leaks.}, {pause: 1h}, "
        "{say: chat, text: Still there?}, {say: live, text: Still there?}]\n",
        ">My kettle leaks. <Hello. [met] >It leaks. <Hi. [met] >Thank you, bye. >Thank you, bye. N LEAVE", 9 }, 9 },
    { { "stopped: who waits for a mail just stops",
        MAIL("1h Hello.") "steps: [{send: inbox, text: It leaks.}, {wait: inbox, for: answer}]\n",
        ">It leaks. [met] W N", 9 }, 9 },
};

struct heard {
    struct transcript *t;
};

static void on_ended(void *context, size_t index, struct transcript *t, bool stopped)
{
    struct heard *h = context;

    (void)index;
    (void)stopped;
    h->t = t;
}

static const char *no_env(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static struct scenario *load(const char *yaml, struct sources *sources)
{
    char path[] = "/tmp/shopper-play-XXXXXX";
    int fd = mkstemp(path);
    struct load_env env = { no_env, NULL, SEVERITY_ERROR };
    struct channel_kind kinds[4];
    struct load_context ctx = { &env, kinds, ARRAY_LEN(kinds), NULL };
    static const char *const none[] = { NULL };
    struct scenario *s = NULL;
    struct diags diags;
    struct buf out = BUF_INIT(100000);

    ctx.finding_names = none;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        kinds[i] = (struct channel_kind){ fake_channels[i]->name, fake_channels[i]->family,
                                          fake_channels[i]->settings, 0 };
    assert_true(fd >= 0);

    FILE *f = fdopen(fd, "w");

    fputs(yaml, f);
    fclose(f);
    diags_init(&diags);
    if (load_scenario(path, &ctx, sources, &diags, &s) != ST_OK)
        diags_render(&diags, &out);
    remove(path);
    diags_release(&diags);
    if (!s)
        print_error("%s\n", out.ptr);
    buf_release(&out);
    assert_non_null(s);
    return s;
}

static void tell(const struct event *e, struct buf *out)
{
    static const struct { enum event_kind kind; const char *sign; } signs[] = {
        { EVENT_WAITING, "W" }, { EVENT_GAVE_UP, "G" }, { EVENT_FAILED, "F" },
        { EVENT_NOTE, "N" },
    };

    if (e->kind == EVENT_SENT)
        buf_addf(out, ">%s ", e->text);
    if (e->kind == EVENT_MESSAGE)
        buf_addf(out, "<%s ", e->text);
    if (e->kind == EVENT_STEP_END)
        buf_addf(out, "[%s] ", e->code);
    if (e->kind == EVENT_TRANSFER)
        buf_addf(out, "%s ", e->code);
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        bool why = e->kind == EVENT_FAILED && e->code && !strcmp(e->code, "expect");

        if (e->kind == signs[i].kind && why)
            buf_addf(out, "%s(%s) ", signs[i].sign, e->text);
        else if (e->kind == signs[i].kind)
            buf_addf(out, "%s ", signs[i].sign);
    }
}

/* `want` is matched word by word; ">~A~B" stands for any words of the customer's with A and B. */
static bool fits(const char *want, const char *got)
{
    while (*want) {
        const char *loose = strstr(want, ">~");
        size_t len = loose ? (size_t)(loose - want) : strlen(want);

        if (strncmp(want, got, len))
            return false;
        want += len;
        got += len;
        if (!loose)
            break;

        const char *end = strchr(got, '<');
        char *said = mem_strndup(got, end ? (size_t)(end - got) : strlen(got));
        bool all = true;

        want += 1;
        while (*want == '~') {
            size_t n = strcspn(want + 1, "~ ");
            char *part = mem_strndup(want + 1, n);

            all = all && strstr(said, part);
            free(part);
            want += n + 1;
        }
        want += *want == ' ';
        free(said);
        if (!all || !end)
            return false;
        got = end;
    }
    return !*got;
}

static void stop(void *audit)
{
    audit_stop(audit);
}

static void play(const struct row *r, int stop_s)
{
    struct loop *loop = loop_new(CLOCK_VIRTUAL);
    struct sources sources = { 0 };
    struct scenario *s = load(r->yaml, &sources);
    struct heard h = { 0 };
    const struct audit_options o = {
        .loop = loop, .reader = packs_reader(), .channels = fake_channels, .env = { no_env, NULL },
        .observer = { .context = &h, .ended = on_ended }, .user_agent = "t", .run_id = "r",
        .started = "2026-01-01T00:00:00Z", .epoch_us = 1767225600 * US_PER_S, .seed = 1,
        .at_once = 1, .max_contacts = 100,
        .chat_patience_us = 300 * US_PER_S, .mail_patience_us = 172800 * US_PER_S,
    };
    struct audit *a = audit_new(&o, &s, 1);
    struct buf told = BUF_INIT(100000);

    audit_start(a);
    if (stop_s)
        timer_start(loop, stop_s * US_PER_S, stop, a);
    loop_run(loop);
    assert_non_null(h.t);
    for (size_t i = 0; i < h.t->count; i++)
        tell(&h.t->events[i], &told);
    buf_trim_right(&told);
    if (!fits(r->want, told.ptr))
        print_error("%s:\n  want %s\n  got  %s\n", r->name, r->want, told.ptr);
    assert_true(fits(r->want, told.ptr));

    int64_t seconds = h.t->events[h.t->count - 1].t_us / US_PER_S;

    if (seconds < r->seconds || seconds > r->seconds + 2)
        print_error("%s: took %d s, wanted %d s\n", r->name, (int)seconds, r->seconds);
    assert_in_range(seconds, r->seconds, r->seconds + 2);
    buf_release(&told);
    transcript_free(h.t);
    audit_free(a);
    scenario_free(s);
    sources_release(&sources);
    loop_free(loop);
}

static void check_row(void **state)
{
    play(*state, 0);
}

static void check_stop(void **state)
{
    const struct stop_row *r = *state;

    play(&r->row, r->stop_s);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(stops)];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                          .initial_state = (void *)(uintptr_t)&rows[i] };
    for (size_t i = 0; i < ARRAY_LEN(stops); i++)
        tests[n++] = (struct CMUnitTest){ .name = stops[i].row.name, .test_func = check_stop,
                                          .initial_state = (void *)(uintptr_t)&stops[i] };
    int failed = cmocka_run_group_tests_name("audit", tests, NULL, NULL);

    packs_free();
    return failed;
}
