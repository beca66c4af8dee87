#ifndef CHANNELS_MAIL_WRITER_H
#define CHANNELS_MAIL_WRITER_H
/**
 * Mail writer: does a person sign, or a team? Pure.
 */
#include "harness/base/buf.h"
#include "harness/model/lexicon.h"

enum writer { WRITER_UNKNOWN, WRITER_PERSON, WRITER_TEAM };

/** What a name says: "Anna Smith", "Anna (Kettle)"; "Kettle Support", "Ihr Team". */
enum writer mail_writer_named(const struct lexicons *packs, const char *name);
/** Who stands in the last lines of a text. */
enum writer mail_writer_signed(const struct lexicons *packs, struct slice text);

#endif
