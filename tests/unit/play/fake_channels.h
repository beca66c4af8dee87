#ifndef PLAY_FAKE_CHANNELS_H
#define PLAY_FAKE_CHANNELS_H
/**
 * Channels whose company follows a script, for the player's tests on a virtual clock: a `chat`, a
 * `form` and an `email` that never touch a network. The setting `script` holds what the company
 * does, one act of the customer after another, separated by " | ":
 *
 *   "2s Which one? {Kettle/Toaster}"      a reply with buttons
 *   "2s Hello. & 1s Your order number?"   two replies, 2 s and 3 s after the customer's word
 *   "1s (typing)"                         somebody is seen typing
 *   "-"                                   nothing
 *   "close"                               the company closes
 *   "error"                               the channel breaks
 *   "ours"                                our side breaks
 * A `live` is a chat that is told when the customer leaves: "transfer [LEAVE]" says so.
 * The last act's script repeats for all that follow.
 */
#include "harness/channels/channel.h"

extern const struct channel *const fake_channels[];

#endif
