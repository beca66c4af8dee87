#ifndef COMPANY_BOT_H
#define COMPANY_BOT_H
/**
 * Bot: the chat's side of a conversation: Keti the assistant, and Jonas, to whom she hands over.
 *
 * It asks for what the topic needs and nobody told yet, on whatever channel; reads an address back;
 * solves; says goodbye. What it says goes into the chat with the time from which it can be read.
 */
#include "tests/company/chats.h"

struct company;

void bot_greet(struct company *c, struct chat *chat);
/**
 * The customer said something.
 * @return when the assistant's own reply is complete; now when there is none (Jonas types: what he
 *         says can be read later).
 */
int64_t bot_hear(struct company *c, struct chat *chat, struct slice text);

#endif
