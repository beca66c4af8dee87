#ifndef COMPANY_TALK_H
#define COMPANY_TALK_H
/**
 * Talk: the chat as JSON over HTTP.
 *
 *   POST /chat/sessions              201 {"session":"...","messages":[...]}
 *   POST /chat/sessions/ID/messages  {"text":"..."} → 200 {"messages":[...],"closed":false}
 *   GET  /chat/sessions/ID/messages?after=N         {"messages":[...],"closed":false}
 *   DELETE /chat/sessions/ID                        204: the customer leaves
 *
 * A message is {"id":n,"text":"..."}, n from 1 in order; the GET gives those with an id above N
 * that can be read by now. Errors are {"error":"..."} with their status; 409 is a message to a
 * chat that is over.
 */
#include "tests/company/web.h"

void talk_open(struct company *c, const struct request *r, struct reply *out);
void talk_say(struct company *c, const struct request *r, struct reply *out);
void talk_poll(struct company *c, const struct request *r, struct reply *out);
void talk_leave(struct company *c, const struct request *r, struct reply *out);
void talk_refuse(unsigned status, struct reply *out);

#endif
