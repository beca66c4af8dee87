#ifndef CHANNELS_BROWSER_CHAT_H
#define CHANNELS_BROWSER_CHAT_H
/**
 * Browser chat: what a person sees of the chat on a page, as scripts for webdriver_script. They look
 * into open shadow trees; frames are entered by the driver.
 *
 * What is ours   the words last said are looked for on the page, outside the box they were typed into.
 * What is theirs what stands below them and was not there before.
 */

/** Comes before either of the others. */
extern const char browser_chat_tools[];
/**
 * No arguments → {"input": element or null, "sure": bool, "opener": element or null,
 * "frames": [elements], "greeting": what stands in the chat, "text": all that can be read}.
 */
extern const char browser_chat_find[];
/** [input or null, the words, "text" from before] → {"messages": [texts], "echo": bool, "left": what
 *  still stands in the input, "send": the button beside it or null}. */
extern const char browser_chat_read[];

#endif
